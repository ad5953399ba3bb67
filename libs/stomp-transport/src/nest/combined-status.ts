import { combineLatest, distinctUntilChanged, map, type Observable } from 'rxjs';
import type { ConnectionStatus } from '../connection/stomp-connection.js';

/** The status of several connections as one: the worst of them. */
export function combinedStatus(
  parts: readonly Observable<ConnectionStatus>[],
): Observable<ConnectionStatus> {
  return combineLatest([...parts]).pipe(map(worst), distinctUntilChanged());
}

const FROM_WORST: readonly ConnectionStatus[] = [
  'closed',
  'disconnected',
  'connecting',
  'connected',
];

function worst(all: readonly ConnectionStatus[]): ConnectionStatus {
  return FROM_WORST.find((status) => all.includes(status)) ?? 'disconnected';
}
