import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { openApiDocument } from './openapi-document.js';

const page = fileURLToPath(new URL('../../../../docs/openapi.json', import.meta.url));

describe('docs/openapi.json', () => {
  it('is what the gateway serves (if not: node services/gateway/openapi.mjs > docs/openapi.json)', () => {
    const served: unknown = JSON.parse(JSON.stringify(openApiDocument()));
    expect(JSON.parse(readFileSync(page, 'utf8'))).toEqual(served);
  });
});
