import js from '@eslint/js';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const timers = ['setTimeout', 'setInterval', 'setImmediate'];
const throughTheClock = 'Time comes from the clock of the hub, so that tests can move it by hand.';
const throughTheDice = 'Random numbers come from random.ts, so that tests can fix them.';

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/.turbo/',
      '**/.next/',
      '**/next-env.d.ts',
      'packages/server/test/hosts/apps/',
      'coverage/',
      'test-results/',
      'data/',
      'reports/',
      'release/consumers/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A method of a port is async in its promise, not in every body.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      eqeqeq: 'error',
    },
  },
  {
    // No tsconfig.json of a package holds these.
    files: ['{packages,apps,examples}/*/*.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
  },
  {
    // What strangers send must not take more than linear time.
    files: ['{packages,apps}/*/src/**/*.{ts,tsx}'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  {
    files: ['packages/{core,client}/src/**'],
    ignores: ['**/clock.ts', '**/random.ts'],
    rules: {
      'no-restricted-globals': ['error', ...timers.map((name) => ({ name, message: throughTheClock }))],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: throughTheClock },
        { object: 'performance', property: 'now', message: throughTheClock },
        { object: 'Math', property: 'random', message: throughTheDice },
        ...timers.map((property) => ({ object: 'globalThis', property, message: throughTheClock })),
      ],
      'no-restricted-imports': ['error', { patterns: [{ regex: '^(node:)?timers', message: throughTheClock }] }],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: throughTheClock },
      ],
    },
  },
  {
    files: ['packages/{types,client,react}/src/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^node:', message: 'This package runs in browsers.' }] },
      ],
    },
  },
);
