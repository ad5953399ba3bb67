import { definitionOf } from '@gantry/contracts';
import type { EventCodec } from '@gantry/event-log';
import { GantryError } from '@gantry/service-kit';

/**
 * Events as the contracts have them: strict when written, and read only when type and version are known. An event that
 * nobody here understands stops its reader; it is never skipped.
 */
export const contractEventCodec: EventCodec = {
  encode({ type, schemaVersion, data }) {
    const definition = definitionOf(type);
    if (definition?.version !== schemaVersion) {
      throw new GantryError(
        'bug',
        'log.unknown-event',
        `${type} v${schemaVersion} is not in the registry of messages`,
      );
    }
    const parsed = definition.strict.safeParse(data);
    if (!parsed.success) {
      throw new GantryError(
        'bug',
        'log.wrong-shape',
        `${type} would be written with a wrong shape: ${parsed.error.message}`,
      );
    }
    return { type, schemaVersion, data: parsed.data };
  },
  decode({ type, schemaVersion, data }) {
    const definition = definitionOf(type);
    if (definition?.version !== schemaVersion) {
      throw new GantryError(
        'corrupt',
        'log.unknown-event',
        `the log holds ${type} v${schemaVersion}, which this version does not know; run a newer one`,
      );
    }
    return definition.schema.parse(data);
  },
};
