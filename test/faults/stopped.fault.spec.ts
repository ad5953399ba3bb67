import { servicesRolled } from './rolled.js';
import { servicesKilled } from './services-killed.js';
import { underFaults } from './stage.js';

underFaults('Gantry, killed and stopped', (stage) => {
  servicesKilled(stage);
  servicesRolled(stage);
});
