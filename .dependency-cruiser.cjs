/** The dependency directions of docs/architecture.md, as rules. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: '\\.(spec|suite)\\.ts$' },
  to: { path: '^(libs|services|lab|demo|bench|test)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Break the cycle: extract the shared part.',
      from: {},
      to: { circular: true },
    },
    only(
      'contracts-alone',
      '^libs/contracts/src',
      '^libs/contracts/',
      'contracts imports only zod.',
    ),
    only(
      'domain-pure',
      '^libs/domain/src',
      '^libs/(domain|contracts)/',
      'domain imports only contracts.',
    ),
    {
      name: 'pure-libs-no-io',
      severity: 'error',
      comment: 'contracts and domain do no I/O: put the adapter in a service.',
      from: { path: '^libs/(contracts|domain)/src', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'contracts-packages',
      severity: 'error',
      comment: 'contracts imports only zod.',
      from: { path: '^libs/contracts/src', pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules/', pathNot: 'node_modules/zod/' },
    },
    {
      name: 'domain-packages',
      severity: 'error',
      comment: 'domain imports no package but calendar arithmetic, which is pure: ADR 13.',
      from: { path: '^libs/domain/src', pathNot: '\\.spec\\.ts$' },
      to: {
        path: 'node_modules/',
        pathNot: 'node_modules/(temporal-polyfill|temporal-spec|rrule-temporal)/',
      },
    },
    {
      name: 'libs-not-services',
      severity: 'error',
      comment: 'A lib never imports a service.',
      from: { path: '^libs/' },
      to: { path: '^services/' },
    },
    {
      name: 'services-meet-in-contracts',
      severity: 'error',
      comment: 'A service never imports another service: send a message.',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    only(
      'listener-light',
      '^services/puppet-listener/src',
      '^(services/puppet-listener|libs/contracts)/',
      'The listener runs on every host: contracts and stompit only.',
    ),
    only(
      'cli-on-client',
      '^services/cli/src',
      '^(services/cli|libs/(client|contracts))/',
      'The CLI stands on libs/client.',
    ),
    only(
      'client-on-contracts',
      '^libs/client/src',
      '^libs/(client|contracts)/',
      'client imports contracts.',
    ),
    {
      name: 'database-at-the-edge',
      severity: 'error',
      comment: 'pg and typeorm only in event-log and persistence folders.',
      from: {
        path: '^(libs|services)/',
        pathNot: '(^libs/event-log/|^libs/testing/|/persistence/|\\.spec\\.ts$)',
      },
      to: { path: 'node_modules/(pg|typeorm|pg-cursor)/' },
    },
    {
      name: 'stompit-at-the-edge',
      severity: 'error',
      comment: 'stompit only behind the two connection folders.',
      from: { path: '^(libs|services)/', pathNot: '/connection/' },
      to: { path: 'node_modules/stompit/' },
    },
    {
      name: 'testing-only-in-tests',
      severity: 'error',
      comment: 'libs/testing is for specs.',
      from: { path: '^(libs/(?!testing)|services/|demo/|lab/)', pathNot: '\\.(spec|suite)\\.ts$' },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(libs|services|lab|demo|bench)/[^/]*/?dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'default'],
    },
  },
};
