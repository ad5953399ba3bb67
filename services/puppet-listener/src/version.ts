declare const GANTRY_LISTENER_VERSION: string | undefined;

/** This listener's version; the bundler puts it in. */
export const LISTENER_VERSION: string =
  typeof GANTRY_LISTENER_VERSION === 'string' ? GANTRY_LISTENER_VERSION : '0.0.0-dev';
