export { BuildWatcherConfig, RepositoryConfig } from './config.js';
export { BuildWatcherModule } from './build-watcher.module.js';
export { openRepository } from './adapters/open-repository.js';
export { RepositoryView } from './metadata/repository-view.js';
