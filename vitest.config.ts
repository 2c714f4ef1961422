import { existsSync, globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// Tests run on the sources of the workspace: no package has to be built first.
const conditions = ['@ws/source', 'module', 'node', 'development|production'];

/**
 * Projects whose tests want modules of their own: the legacy names count their uses for the whole process, and a tracing SDK is set
 * up for the whole process.
 */
const ISOLATED = ['compat', 'react', 'server', 'service'];

/** What a project is called: its package without the scope. */
function nameOf(root: string): string {
  const { name } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { readonly name: string };
  return basename(name);
}

const projects: TestProjectInlineConfiguration[] = globSync([
  '{packages,apps}/*/package.json',
  '{bench,verify}/package.json',
])
  .map(dirname)
  .sort()
  .map((root) => ({
    extends: true,
    test: {
      name: nameOf(root),
      root,
      include: ['test/**/*.test.{ts,tsx}'],
      // Elsewhere nothing of a module outlives a test, so that files share what they have loaded: half of the time.
      isolate: ISOLATED.includes(nameOf(root)),
      typecheck: {
        enabled: globSync(`${root}/test/**/*.test-d.ts`).length > 0,
        include: ['test/**/*.test-d.ts'],
        tsconfig: existsSync(`${root}/test/tsconfig.json`) ? './test/tsconfig.json' : './tsconfig.json',
      },
    },
  }));

// The tests of the hooks once more on the React before: those of what only the newer one has are not among them.
const react18 = resolve(import.meta.dirname, 'packages/react/test/react18/node_modules');
const testingLibrary = resolve(import.meta.dirname, 'packages/react/node_modules/@testing-library/react');
const onReact18: TestProjectInlineConfiguration = {
  extends: true,
  resolve: {
    alias: {
      react: `${react18}/react`,
      'react-dom': `${react18}/react-dom`,
      // As ES modules, in which these names are replaced as well.
      '@testing-library/react': `${testingLibrary}/dist/@testing-library/react.esm.js`,
    },
  },
  test: {
    name: 'react18',
    root: 'packages/react',
    include: ['test/{hooks,provider}/**/*.test.tsx', 'test/main-path.test.tsx', 'test/version.test.ts'],
    exclude: ['test/provider/activity.test.tsx'],
    server: { deps: { inline: [/@testing-library\/react/] } },
  },
};

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    execArgv: ['--throw-deprecation'],
    // Long enough for a busy machine: tests wait for conditions, each with a deadline of its own.
    testTimeout: 15_000,
    // Vitest leaves one core free, which of two is half: much of what is done here is waiting for other processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    expect: { poll: { timeout: 10_000 } },
    coverage: { include: ['{packages,apps}/*/src/**'], reportsDirectory: 'coverage' },
    projects: [
      ...projects,
      onReact18,
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: ['e2e/page/support/build-page.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'release',
          include: ['release/**/*.test.ts'],
          globalSetup: ['release/support/build.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
