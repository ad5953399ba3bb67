import { afterAll, beforeAll, jest } from '@jest/globals';
import { TestBroker } from './broker.js';
import { Harness } from './support/harness.js';
import { transportSuite } from './transport.suite.js';

jest.setTimeout(60_000);

let broker: TestBroker;
let harness: Harness;

beforeAll(async () => {
  broker = await TestBroker.start();
  harness = new Harness(broker);
});

afterAll(() => broker.remove());

transportSuite('StompServer and StompClient on ActiveMQ', () => harness);
