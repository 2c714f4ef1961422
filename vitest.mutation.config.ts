import { defineConfig } from 'vitest/config';

const conditions = ['@ws/source', 'module', 'node', 'development|production'];

/** The tests of the core, for `pnpm mutation`: one project, without those that take long or roll dice. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    root: 'packages/core',
    // Each change is tried in a fresh worker; files that share its modules within one do no harm, and are loaded once.
    isolate: false,
    include: ['test/**/*.test.ts'],
    exclude: ['test/hub/memory.test.ts', 'test/model/**', 'test/isolation-reach.test.ts'],
  },
});
