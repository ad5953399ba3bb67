export { Installation, type InstallationOptions } from './installation/installation.js';
export { fleetYaml, type FleetSettings } from './installation/fleet-yaml.js';
export { HostListener, LISTENER_FOLDER } from './installation/listeners.js';
export { ServiceProcess } from './installation/service-process.js';
export { REPO_ROOT } from './installation/repo-root.js';
export { play } from './story/play.js';
export { travel } from './story/travel.js';
export type { Summary } from './story/summary.js';
