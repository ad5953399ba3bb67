import { describe, expect, it } from '@jest/globals';
import { whyNotPublic } from './address-policy.js';

describe('what counts as the public Internet', () => {
  it.each(['8.8.8.8', '172.15.255.255', '172.32.0.1', '2001:4860:4860::8888', '::ffff:8.8.8.8'])(
    '%s does',
    (address) => {
      expect(whyNotPublic(address)).toBeUndefined();
    },
  );

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.0.1', 'private'],
    ['169.254.169.254', 'linkLocal'],
    ['100.100.100.200', 'carrierGradeNat'],
    ['168.63.129.16', 'cloud service'],
    ['192.0.0.192', 'reserved'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['::1', 'loopback'],
    ['::', 'unspecified'],
    ['::7f00:1', 'not given out'],
    ['::ffff:7f00:1', 'loopback'],
    ['::ffff:0:7f00:1', 'rfc6145'],
    ['64:ff9b::7f00:1', 'rfc6052'],
    ['2002:7f00:1::', '6to4'],
    ['fe80::1', 'linkLocal'],
    ['fd00:ec2::254', 'uniqueLocal'],
    ['ff02::1', 'multicast'],
    ['localhost', 'not an address'],
    ['', 'not an address'],
  ])('%s does not: %s', (address, why) => {
    expect(whyNotPublic(address)).toBe(why);
  });
});
