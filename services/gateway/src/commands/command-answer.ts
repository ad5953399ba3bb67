import type { Response } from 'express';
import type { Heard } from './command-sender.js';

/** Body of the answer to a command. */
export type CommandAnswer =
  | { readonly outcome: 'accepted'; readonly id?: string; readonly version?: number }
  | { readonly outcome: 'ignored'; readonly because: string; readonly id?: string };

/** How a command is answered: `status` when it was accepted, and where what it is about can be seen. */
export interface Answering {
  readonly status: 201 | 202;
  readonly id?: string;
  readonly location?: string;
}

/** Writes status and Location, and returns the body. An ignored command is no error and made nothing. */
export function answerCommand(response: Response, heard: Heard, how: Answering): CommandAnswer {
  const id = how.id === undefined ? {} : { id: how.id };
  if (how.location !== undefined) response.location(how.location);
  response.status(heard.outcome === 'accepted' ? how.status : 200);
  if (heard.outcome === 'accepted') {
    const { version } = heard;
    return { outcome: 'accepted', ...id, ...(version === undefined ? {} : { version }) };
  }
  return { outcome: 'ignored', because: heard.because, ...id };
}
