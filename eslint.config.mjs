import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const impure = [
  { name: 'Date', message: 'Time enters with the input (meta.now).' },
  { name: 'process', message: 'The domain reads no environment.' },
  { name: 'setTimeout', message: 'A timeout is an input the domain asked for (wakeUpAt).' },
  { name: 'crypto', message: 'Ids and hashes enter with the input.' },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'coverage/**'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.mjs', '*.cjs', 'services/puppet-listener/*.mjs'],
          defaultProject: 'tsconfig.jest.json',
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      // A switch over a union is one decision, however many members the union has.
      complexity: ['error', { max: 10, variant: 'modified' }],
      'max-depth': ['error', 3],
      'max-params': ['error', 5],
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        {
          paths: ['child_process', 'node:child_process'].map((name) => ({
            name,
            importNames: ['exec', 'execSync'],
            message: 'No shell: run a program with an argument array (execFile, spawn).',
          })),
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what you export.' },
        { selector: 'ExportDefaultDeclaration', message: 'No default exports.' },
        {
          selector: 'Property[key.name="shell"]',
          message: 'No shell: run a program with an argument array.',
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  {
    files: ['libs/domain/src/**/*.ts', 'libs/contracts/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-globals': ['error', ...impure] },
  },
  {
    files: ['**/*.spec.ts', '{libs,services}/*/test/**/*.ts', 'test/**/*.ts'],
    languageOptions: { parserOptions: { projectService: false, project: './tsconfig.spec.json' } },
  },
  {
    files: [
      '**/*.spec.ts',
      '**/*.suite.ts',
      '{libs,services}/*/test/**/*.ts',
      'test/**/*.ts',
      'libs/testing/**/*.ts',
    ],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', module: 'writable', URL: 'readonly' },
    },
    rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' },
  },
  {
    // Programs that talk to a person on a terminal.
    files: ['services/cli/src/**/*.ts', 'demo/src/**/*.ts', 'bench/src/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
