import { seedsSuite } from './seeds.suite.js';

seedsSuite(0, 2);
