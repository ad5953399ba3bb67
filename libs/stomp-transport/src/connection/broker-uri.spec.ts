import { describe, expect, it } from '@jest/globals';
import { parseBrokerUris } from './broker-uri.js';

describe('broker URIs', () => {
  it('name host, port and whether to use TLS', () => {
    expect(parseBrokerUris(['stomp://mq1:61614', 'stomp+ssl://mq2', 'stomp://[::1]:1'])).toEqual([
      { uri: 'stomp://mq1:61614', host: 'mq1', port: 61614, tls: false },
      { uri: 'stomp+ssl://mq2', host: 'mq2', port: 61613, tls: true },
      { uri: 'stomp://[::1]:1', host: '::1', port: 1, tls: false },
    ]);
  });

  it.each(['tcp://mq:1', 'mq:61613', 'stomp://', ''])('refuse %j', (uri) => {
    expect(() => parseBrokerUris([uri])).toThrow(/must look like/);
  });

  it('refuse an empty list, and credentials where they would be logged', () => {
    expect(() => parseBrokerUris([])).toThrow(/empty/);
    expect(() => parseBrokerUris(['stomp://u:canary@mq'])).toThrow(/must not hold credentials/);
    expect(() => parseBrokerUris(['stomp://u:canary@mq'])).not.toThrow(/canary/);
  });
});
