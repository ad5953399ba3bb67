import { v7 } from 'uuid';

/** Token of the source of ids. */
export const IDS: unique symbol = Symbol('gantry.ids');

/** Where new ids come from; UUID version 7, so that they sort by time. */
export interface IdSource {
  uuid(): string;
}

/** Random ids in order of time. */
export const uuidSource: IdSource = { uuid: () => v7() };
