import type {
  AttentionKind,
  AttentionOpened,
  DataOf,
  HostTrouble,
  ListenerRole,
  PuppetHostEnrolled,
  PuppetHostResynced,
  PuppetHostTroubled,
  RequestId,
  ResyncListener,
} from '@gantry/contracts';
import { ignored, refused, type Decision, type Fact, type Meta } from '../decision.js';

/** Events of a listener's stream: what people decided about it, and what came of that. */
export type ListenerFact = Fact<
  | 'listener.resync-requested'
  | 'listener.resynced'
  | 'listener.enrolled'
  | 'puppet.resync.requested'
>;

/** The resync that is waited for, if one is. */
export interface ListenerState {
  readonly awaited: RequestId | undefined;
}

export const initialListener: ListenerState = { awaited: undefined };

/** What can reach a listener's stream. */
export type ListenerInput =
  | {
      readonly type: 'listener.resync';
      readonly data: DataOf<typeof ResyncListener>;
      readonly known: boolean;
    }
  | { readonly type: 'puppet.host.resynced'; readonly data: DataOf<typeof PuppetHostResynced> }
  | { readonly type: 'puppet.host.enrolled'; readonly data: DataOf<typeof PuppetHostEnrolled> };

const MAX_KEY = 128;

/** Id of a listener's stream: the host's name, and what a publisher is called beside it. */
export const listenerId = (host: string, role: ListenerRole): string =>
  role === 'publisher' ? `publisher.${host}` : host;

/** Key of the attention item of a listener's trouble. */
export const attentionKeyOfTrouble = (
  trouble: HostTrouble,
  host: string,
  role: ListenerRole,
): string => `${trouble}.${listenerId(host, role)}`.slice(0, MAX_KEY);

/** The state after the fact. */
export function evolveListener(state: ListenerState, fact: ListenerFact): ListenerState {
  switch (fact.type) {
    case 'listener.resync-requested':
      return { awaited: fact.data.requestId };
    case 'listener.resynced':
      return { awaited: undefined };
    case 'listener.enrolled':
    case 'puppet.resync.requested':
      return state;
  }
}

/**
 * The decision on what reaches a listener. A resync's numbers are fresh: higher than those of every command before, so that the listener, from there on,
 * takes none that was meant for it while it had a memory.
 */
export function decideListener(
  input: ListenerInput,
  state: ListenerState,
  meta: Meta,
): Decision<ListenerFact> {
  switch (input.type) {
    case 'listener.resync':
      return requested(input, meta);
    case 'puppet.host.resynced':
      return resynced(input.data, state, meta);
    case 'puppet.host.enrolled': {
      const fact = { type: 'listener.enrolled', data: input.data, at: meta.now } as const;
      return { outcome: 'accepted', events: [fact], also: [] };
    }
  }
}

function requested(
  { data, known }: Extract<ListenerInput, { type: 'listener.resync' }>,
  { fence, now }: Meta,
): Decision<ListenerFact> {
  const { host, role, reason } = data;
  if (!known) {
    const what = role === 'publisher' ? 'is no Puppet server' : 'is no host';
    return refused(
      'not-found',
      'unknown-host',
      `${host} ${what} of the fleet file`,
      'See what there is: gantry hosts.',
    );
  }
  const requestId = `resync-${fence}` as RequestId;
  return {
    outcome: 'accepted',
    events: [
      { type: 'listener.resync-requested', data: { host, role, requestId, reason }, at: now },
      {
        type: 'puppet.resync.requested',
        data: { requestId, host, role, epoch: fence, seq: fence + 1 },
        at: now,
      },
    ],
    also: [],
  };
}

function resynced(
  { requestId, host, role }: DataOf<typeof PuppetHostResynced>,
  { awaited }: ListenerState,
  { now }: Meta,
): Decision<ListenerFact> {
  if (awaited !== requestId) return ignored('no such resync is waited for');
  const key = attentionKeyOfTrouble('needs-resync', host, role);
  return {
    outcome: 'accepted',
    events: [{ type: 'listener.resynced', data: { host, role, requestId }, at: now }],
    also: [
      { type: 'attention.closed', data: { key, because: 'its journal was begun anew' }, at: now },
    ],
  };
}

interface Text {
  readonly kind: AttentionKind;
  readonly title: (name: string) => string;
  readonly todo: (host: string, role: ListenerRole) => string;
}

const TEXTS: Readonly<Record<HostTrouble, Text>> = {
  'needs-resync': {
    kind: 'host-needs-resync',
    title: (name) => `${name} has lost its journal and refuses every command`,
    todo: (host, role) =>
      `Find out why, then: gantry hosts resync ${host}${role === 'publisher' ? ' --publisher' : ''} --reason TEXT.`,
  },
  'clock-off': {
    kind: 'host-clock-off',
    title: (name) => `The clock of ${name} is off`,
    todo: (host) => `Set the clock of ${host} (and see to its NTP); the item closes by itself.`,
  },
  'key-changed': {
    kind: 'host-key-changed',
    title: (name) => `${name} shows another key than the one it was enrolled with`,
    todo: (host) =>
      `If ${host} was made anew, put its new key in place of the old one; if not, somebody else speaks for it.`,
  },
  flooding: {
    kind: 'host-flooding',
    title: (name) => `${name} sends so much that none of it is let in`,
    todo: (host) =>
      `Look at the listener of ${host}; it is heard again by itself a while after it is quiet.`,
  },
};

/** The attention item of a listener's trouble. */
export function troubleItem({
  host,
  role,
  trouble,
  detail,
}: DataOf<typeof PuppetHostTroubled>): DataOf<typeof AttentionOpened> {
  const { kind, title, todo } = TEXTS[trouble];
  const name = role === 'publisher' ? `the publisher of ${host}` : host;
  return {
    key: attentionKeyOfTrouble(trouble, host, role),
    kind,
    title: upper(title(name)),
    detail,
    todo: todo(host, role),
    host,
  };
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
