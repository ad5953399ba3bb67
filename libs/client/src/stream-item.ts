import { EventView, HostLogLines, type DataOf, type DeploymentView } from '@gantry/contracts';
import type { EventSourceMessage } from 'eventsource-parser';
import type { z } from 'zod';

/** One thing a watch brings: an event of the log, what is watched as it stands, or live lines of a host's Puppet run. */
export type StreamItem<View = DeploymentView> =
  | { readonly kind: 'log'; readonly position: string; readonly event: EventView }
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'story'; readonly story: DataOf<typeof HostLogLines> };

/** Reads one server-sent event; undefined for kinds a newer server may send. Throws when its data is not of its shape. */
export function streamItemOf<View>(
  message: EventSourceMessage,
  view: z.ZodType<View>,
): StreamItem<View> | undefined {
  switch (message.event) {
    case 'log': {
      const event = EventView.parse(JSON.parse(message.data));
      return { kind: 'log', position: message.id ?? event.position, event };
    }
    case 'view':
      return { kind: 'view', view: view.parse(JSON.parse(message.data)) };
    case 'story':
      return { kind: 'story', story: HostLogLines.schema.parse(JSON.parse(message.data)) };
    case undefined:
    default:
      return undefined;
  }
}
