import { HaproxyUnderTest } from './haproxy-under-test.js';
import { loadBalancerDriverSuite } from './load-balancer-driver.suite.js';

loadBalancerDriverSuite('a real HAProxy', () => HaproxyUnderTest.start(), 60_000);
