/** The parameter by which a gate's build is found again: the job must declare it, or Jenkins drops it. */
export const RUN_PARAMETER = 'GANTRY_GATE_RUN';
