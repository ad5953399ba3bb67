export { VerifierConfig } from './config.js';
export { VerifierModule } from './verifier.module.js';
