import { afterEach, describe } from '@jest/globals';
import type { Harness } from './support/harness.js';
import { deliverySuite } from './suites/delivery.suite.js';
import { failureSuite } from './suites/failure.suite.js';
import { hostileSuite } from './suites/hostile.suite.js';
import { requestSuite } from './suites/request.suite.js';
import { resilienceSuite } from './suites/resilience.suite.js';

/** Everything the transport promises, against whatever broker the harness holds. */
export function transportSuite(name: string, given: () => Harness): void {
  describe(name, () => {
    afterEach(() => given().cleanUp());

    deliverySuite(given);
    failureSuite(given);
    requestSuite(given);
    hostileSuite(given);
    resilienceSuite(given);
  });
}
