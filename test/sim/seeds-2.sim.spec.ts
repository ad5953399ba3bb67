import { seedsSuite } from './seeds.suite.js';

seedsSuite(1, 2);
