import { describe, expect, it } from '@jest/globals';
import { brokerBelowFloor, brokerTlsProblem } from './broker-tls.js';

describe('TLS with the broker', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', /not signed by an authority/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /not signed by an authority/],
    ['CERT_HAS_EXPIRED', /has expired/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another name/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', /does not take our certificate/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /does not take our certificate/],
  ])('says in words what %s is', (code, words) => {
    expect(brokerTlsProblem(code)).toMatch(words);
  });

  it('leaves other failures alone', () => {
    expect(brokerTlsProblem('ECONNREFUSED')).toBeUndefined();
  });
});

describe('the version of the broker', () => {
  it.each([
    ['ActiveMQ/5.17.2', true],
    ['ActiveMQ/5.19.8', true],
    ['ActiveMQ/5.19.9', false],
    ['ActiveMQ/5.20.0', false],
    ['ActiveMQ/6.0.0', true],
    ['ActiveMQ/6.2.7', true],
    ['ActiveMQ/6.2.8', false],
    ['ActiveMQ/6.2.10', false],
    ['ActiveMQ/6.3.0-SNAPSHOT', false],
    ['ActiveMQ/7.0.0', false],
    ['ActiveMQ-Artemis/2.30.0 ActiveMQ Artemis Messaging Engine', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %s: too old is %s', (server, expected) => {
    expect(brokerBelowFloor(server)).toBe(expected);
  });
});
