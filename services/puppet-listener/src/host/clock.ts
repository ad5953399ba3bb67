/** The present time; a seam for specs. */
export type Clock = () => Date;
