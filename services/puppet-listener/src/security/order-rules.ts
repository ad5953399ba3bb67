import { desiredKey, type Ledger } from '../journal/ledger.js';
import type { ParsedCommand } from './parse-command.js';
import { refusal, type Refusal } from './refusal.js';

/** The log draws ten thousand numbers for each of its decisions; a host that was off misses a thousand million decisions at most. */
const MAX_JUMP = 1e13;

/** Whether the command is the newest of its owner, and its owner the newest. */
export function orderProblem(command: ParsedCommand, ledger: Ledger): Refusal | undefined {
  if (command.action === 'desired') return desiredOrder(command, ledger);
  // Reading changes nothing, and whoever surveys is not the owner: a survey drawn later may overtake an owner's run on its way here.
  if (command.action !== 'run') return undefined;
  return aheadProblem(command, ledger) ?? behindProblem(command, ledger);
}

/** One command that is far ahead would make every later one look old for good. */
function aheadProblem(command: ParsedCommand, ledger: Ledger): Refusal | undefined {
  const { epoch, seq } = command.data;
  if (epoch > seq) {
    const detail = `epoch ${epoch} is above its own sequence ${seq}: an owner is named before it commands`;
    return refusal('far-ahead', 'refused', detail, command);
  }
  if (ledger.seq > 0 && seq - ledger.seq > MAX_JUMP) {
    const detail = `sequence ${seq} is too far above ${ledger.seq}: was the log's counter set by hand?`;
    return refusal('far-ahead', 'refused', detail, command);
  }
  return undefined;
}

function behindProblem(command: ParsedCommand, ledger: Ledger): Refusal | undefined {
  const { epoch, seq } = command.data;
  if (epoch < ledger.epoch) {
    return refusal(
      'old-epoch',
      'refused',
      `epoch ${epoch} is behind ${ledger.epoch}: its sender is no longer the owner`,
      command,
    );
  }
  if (seq <= ledger.seq) {
    return refusal(
      'old-seq',
      'refused',
      `sequence ${seq} is not above ${ledger.seq}: a newer command was here`,
      command,
    );
  }
  return undefined;
}

/** Sequences rise per host, and a publisher serves many hosts: each Hiera key of each host has a mark of its own. */
function desiredOrder(
  { data, ...rest }: Extract<ParsedCommand, { action: 'desired' }>,
  ledger: Ledger,
): Refusal | undefined {
  const command: ParsedCommand = { ...rest, data };
  // Of a publisher's journal only a resync raises the mark of the whole.
  if (data.seq <= ledger.seq) {
    const detail = `sequence ${data.seq} is from before the journal was begun anew at ${ledger.seq}`;
    return refusal('old-seq', 'refused', detail, command);
  }
  const marks = data.versions.map((v) => ledger.desired.get(desiredKey(data.host, v.hieraKey)));
  const newer = marks.find((m) => m !== undefined && (m.seq > data.seq || m.epoch > data.epoch));
  if (newer !== undefined) {
    const detail = `sequence ${data.seq} of ${data.host} is older than ${newer.seq}, which is in place`;
    return refusal('old-seq', 'refused', detail, command);
  }
  const same = marks.filter((m) => m?.seq === data.seq);
  if (same.some((m) => m?.cmdId !== data.cmdId)) {
    return refusal('id-reused', 'refused', 'its sequence was used by another command', command);
  }
  // A crash may lie between the mark and the file: writing the same file again is the cure, so a repeat is done again.
  return undefined;
}
