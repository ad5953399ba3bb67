import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { boot, type Booted } from '../../test/boot.js';
import { expectProblem } from '../../test/calls.js';

const [GANTRY, GITHUB, GITLAB] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [
  string,
  string,
  string,
];
const STANDARD_KEY = Buffer.alloc(32, 7);
const HOOKS = [
  { repository: 'releases', kind: 'gantry', secret: 'x'.repeat(40) },
  { repository: 'releases', kind: 'gantry', secret: GANTRY },
  { repository: 'releases', kind: 'github', secret: GITHUB },
  { repository: 'releases', kind: 'gitlab', secret: GITLAB },
  { repository: 'releases', kind: 'standard', secret: `whsec_${STANDARD_KEY.toString('base64')}` },
];
const BODY = '{"ref": "refs/tags/1.2.0",  "build": 17}';

let gateway: Booted;
let ids = 0;
beforeAll(async () => {
  gateway = await boot({ GANTRY_HOOKS: JSON.stringify(HOOKS) });
});
afterAll(() => gateway.close());
afterEach(() => gateway.bus.reset());

type Headers = Record<string, string>;
const now = () => Math.floor(Date.now() / 1_000);
const newId = () => `delivery-${(ids += 1)}`;
const hmac = (secret: string | Buffer, text: string, algorithm = 'sha256') =>
  createHmac(algorithm, secret).update(text);

const signed = {
  gantry: ({ body = BODY, secret = GANTRY, id = newId(), at = now() } = {}): Headers => ({
    'x-gantry-delivery': id,
    'x-gantry-timestamp': String(at),
    'x-gantry-signature': `v1=${hmac(secret, `${at}.${id}.${body}`).digest('hex')}`,
  }),
  github: ({ body = BODY, secret = GITHUB, id = newId() } = {}): Headers => ({
    'x-github-delivery': id,
    'x-hub-signature': `sha1=${hmac(secret, body, 'sha1').digest('hex')}`,
    'x-hub-signature-256': `sha256=${hmac(secret, body).digest('hex')}`,
  }),
  gitlab: ({ secret = GITLAB, id = newId() } = {}): Headers => ({
    'x-gitlab-event-uuid': id,
    'x-gitlab-token': secret,
  }),
  standard: ({ body = BODY, secret = STANDARD_KEY, id = newId(), at = now() } = {}): Headers => ({
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} v1,${hmac(secret, `${id}.${at}.${body}`).digest('base64')}`,
  }),
};
const deliver = (headers: Headers, body: string | Uint8Array = BODY, repository = 'releases') =>
  fetch(`${gateway.url}/hooks/builds/${repository}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body as string,
  });
const looks = () => gateway.bus.published.filter(({ type }) => type === 'build.look');

describe('POST /hooks/builds/:repository', () => {
  it.each(Object.keys(signed) as (keyof typeof signed)[])(
    'H-023 asks for one look when a delivery of %s is proven, and for none when it comes again',
    async (kind) => {
      const body = `${BODY} ${kind}`;
      const headers = signed[kind]({ body });
      expect((await deliver(headers, body)).status).toBe(202);
      expect(looks()).toEqual([{ type: 'build.look', data: { repository: 'releases' } }]);
      await expectProblem(await deliver(headers, body), 409, 'hook.replayed');
      expect(looks()).toHaveLength(1);
    },
  );

  it('H-088 whatever a delivery says of builds, it only makes build-watcher look', async () => {
    const body = '{"name":"shop","evr":"9.9.9-1","sha256":"00"}';
    expect((await deliver(signed.gantry({ body }), body)).status).toBe(202);
    expect(gateway.bus.published.map(({ type, data }) => [type, data])).toEqual([
      ['build.look', { repository: 'releases' }],
    ]);
    expect(gateway.bus.asked).toEqual([]);
  });

  it('takes bytes that are no JSON, and forms', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x80]);
    const signature = createHmac('sha256', GITHUB).update(bytes).digest('hex');
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-github-delivery': newId(),
      'x-hub-signature-256': `sha256=${signature}`,
    };
    expect((await deliver(headers, bytes)).status).toBe(202);
  });

  const reencoded = JSON.stringify(JSON.parse(BODY));
  const sha1Only = () => {
    const { 'x-hub-signature-256': _gone, ...headers } = signed.github();
    return headers;
  };
  const refusals: [string, () => Headers, string, string?][] = [
    ['no signature', () => ({}), 'hook.unsigned'],
    ['SHA-1', sha1Only, 'hook.sha1'],
    ['a wrong secret', () => signed.gantry({ secret: 'y'.repeat(40) }), 'hook.bad-signature'],
    ['a wrong token', () => signed.gitlab({ secret: `${GITLAB} ` + 'z' }), 'hook.bad-signature'],
    ["another kind's secret", () => signed.gantry({ secret: GITLAB }), 'hook.bad-signature'],
    ['a body that was encoded again', () => signed.gantry(), 'hook.bad-signature', reencoded],
    [
      'a body of GitHub that was encoded again',
      () => signed.github(),
      'hook.bad-signature',
      reencoded,
    ],
    ['an hour of age', () => signed.gantry({ at: now() - 3_600 }), 'hook.too-old'],
    ['an hour of age, standard', () => signed.standard({ at: now() - 3_600 }), 'hook.too-old'],
    ['a time to come', () => signed.gantry({ at: now() + 3_600 }), 'hook.too-old'],
    [
      'another time than was signed',
      () => ({ ...signed.gantry({ at: now() - 3_600 }), 'x-gantry-timestamp': String(now()) }),
      'hook.bad-signature',
    ],
    [
      'another id than was signed',
      () => ({ ...signed.gantry(), 'x-gantry-delivery': newId() }),
      'hook.bad-signature',
    ],
    ['no id', () => signed.gitlab({ id: '' }), 'hook.no-delivery-id'],
    [
      'half a signature',
      () => ({ ...signed.github(), 'x-hub-signature-256': 'sha256=00' }),
      'hook.sha1',
    ],
  ];
  it.each(
    refusals.map(([name, headers, code, body = BODY]) => [name, { headers, code, body }] as const),
  )('H-023 refuses a delivery with %s', async (_name, { headers, code, body }) => {
    await expectProblem(await deliver(headers(), body), 401, code);
    expect(looks()).toEqual([]);
  });

  it("H-023 knows GitHub's delivery again under another id, which is not signed", async () => {
    const body = `${BODY} again`;
    expect((await deliver(signed.github({ body }), body)).status).toBe(202);
    await expectProblem(await deliver(signed.github({ body }), body), 409, 'hook.replayed');
    expect(looks()).toHaveLength(1);
  });

  it('answers for a repository without hooks as for one whose secret is another', async () => {
    for (const repository of ['releases', 'unknown'])
      await expectProblem(
        await deliver(signed.gantry({ secret: 'y'.repeat(40) }), BODY, repository),
        401,
        'hook.bad-signature',
      );
  });

  it('refuses a name that is none, and more than a megabyte', async () => {
    expect((await deliver(signed.gantry(), BODY, 'Not-A-Name')).status).toBe(400);
    const large = await deliver({ ...signed.gantry() }, 'x'.repeat(1024 * 1024 + 1));
    await expectProblem(large, 413, 'request.too-large');
    expect(looks()).toEqual([]);
  });

  it('lets a delivery come again when it could not be passed on', async () => {
    const headers = signed.gantry();
    const publish = gateway.bus.publish.bind(gateway.bus);
    gateway.bus.publish = () => Promise.reject(new Error('broker gone'));
    expect((await deliver(headers)).status).toBe(500);
    gateway.bus.publish = publish;
    expect((await deliver(headers)).status).toBe(202);
    expect(looks()).toHaveLength(1);
  });
});
