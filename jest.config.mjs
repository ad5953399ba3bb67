// Specs run as ES modules against the sources of every package: NestJS 12 is ESM-only and Jest cannot `require` it on Node 20.
const base = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/setup/fast-check.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: 'tsconfig.jest.json', diagnostics: false }],
  },
  moduleNameMapper: {
    '^@gantry/(contracts|domain|event-log|stomp-transport|service-kit|client|testing)$':
      '<rootDir>/libs/$1/src/index.ts',
    '^@gantry/testing/sim$': '<rootDir>/libs/testing/src/sim/index.ts',
    '^@gantry/(lab|demo)$': '<rootDir>/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
};
const project = (displayName, testMatch, extra = {}) => ({
  ...base,
  displayName,
  testMatch,
  ...extra,
});
const INT = '**/*.int.spec.ts';

export default {
  projects: [
    project('unit', ['<rootDir>/{libs,services,lab,demo,test}/**/*.spec.ts'], {
      testPathIgnorePatterns: [
        ...base.testPathIgnorePatterns,
        '\\.(int|e2e|fault|sim)\\.spec\\.ts$',
      ],
    }),
    project('int', [`<rootDir>/{libs,services,lab,demo,test}/${INT}`]),
    project('faults', ['<rootDir>/test/faults/**/*.fault.spec.ts']),
    project('sim', ['<rootDir>/test/sim/**/*.sim.spec.ts']),
    project('e2e', ['<rootDir>/test/**/*.e2e.spec.ts']),
  ],
};
