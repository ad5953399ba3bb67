export { BuildWatcherConfig, RepositoryConfig } from './config.js';
export { BuildWatcherModule } from './build-watcher.module.js';
