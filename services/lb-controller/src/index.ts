export { LbControllerConfig } from './config.js';
export { LbControllerModule } from './lb-controller.module.js';
