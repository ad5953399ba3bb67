// Prints the API's description: `node services/gateway/openapi.mjs > docs/openapi.json` (build first).
import { openApiDocument } from '@gantry/gateway';

process.stdout.write(`${JSON.stringify(openApiDocument(), null, 2)}\n`);
