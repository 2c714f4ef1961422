import { existsSync, globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// Tests run on the sources of the workspace: no package has to be built first.
const conditions = ['@ws/source', 'module', 'node', 'development|production'];

/**
 * Projects whose tests want modules of their own: the legacy names count their uses for the whole process, and a tracing SDK is set
 * up for the whole process.
 */
const ISOLATED = ['compat', 'react', 'server'];

const projects: TestProjectInlineConfiguration[] = globSync([
  '{packages,apps}/*/package.json',
  '{bench,verify}/package.json',
])
  .map(dirname)
  .sort()
  .map((root) => ({
    extends: true,
    test: {
      name: basename(root),
      root,
      include: ['test/**/*.test.{ts,tsx}'],
      // Elsewhere nothing of a module outlives a test, so that files share what they have loaded: half of the time.
      isolate: ISOLATED.includes(basename(root)),
      typecheck: {
        enabled: globSync(`${root}/test/**/*.test-d.ts`).length > 0,
        include: ['test/**/*.test-d.ts'],
        tsconfig: existsSync(`${root}/test/tsconfig.json`) ? './test/tsconfig.json' : './tsconfig.json',
      },
    },
  }));

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    execArgv: ['--throw-deprecation'],
    // Long enough for a busy machine: tests wait for conditions, each with a deadline of its own.
    testTimeout: 15_000,
    coverage: { include: ['{packages,apps}/*/src/**'], reportsDirectory: 'coverage' },
    projects: [
      ...projects,
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
