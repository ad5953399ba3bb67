import { allAtOnce } from './all-at-once.js';
import { partsAway } from './away.js';
import { gatewayKilled } from './gateway-killed.js';
import { underFaults } from './stage.js';

underFaults('Gantry under faults', (stage) => {
  gatewayKilled(stage);
  allAtOnce(stage);
  partsAway(stage);
});
