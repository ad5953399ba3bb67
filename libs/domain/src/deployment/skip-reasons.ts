/** Why a host that has the wanted version already is skipped: it is no miss at the end. */
export const ALREADY_THERE = 'already at the wanted version';
