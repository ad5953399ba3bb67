import { describe, expect, it } from '@jest/globals';
import { overlaps } from './network.js';

describe('a free network', () => {
  it.each([
    ['its own address', 'inet 10.70.3.9/24 scope global'],
    ['a larger network around it', '10.70.0.0/16 dev eth0'],
    ['a route to all of 10/8', '10.0.0.0/8 via 192.0.2.1'],
    ['a single address in it', 'inet 10.70.3.200/32'],
  ])('is not one with %s', (_, shown) => {
    expect(overlaps('10.70.3', shown)).toBe(true);
  });

  it.each([
    ['the default route', 'default via 192.0.2.1 dev eth0'],
    ['the neighbouring network', 'inet 10.70.4.1/24 brd 10.70.4.255'],
    ['loopback', 'inet 127.0.0.1/8 scope host lo'],
  ])('may exist beside %s', (_, shown) => {
    expect(overlaps('10.70.3', shown)).toBe(false);
  });
});
