import fc from 'fast-check';

// The same generated cases in every run, so that a red build is about the change and not about luck. To look for new ones:
// GANTRY_SEED=random (the seed of a failure is printed by fast-check), or GANTRY_SEED=<number> to repeat them.
const { GANTRY_SEED: seed = '20260101' } = process.env;
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
