// `pnpm mutation`: changes the sources of the core's hardest parts one spot at a time; a change that no test notices is a hole in
// the tests. Takes many minutes, so it is no part of `pnpm test`. Results: docs/mutation-testing.md.
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const core = 'packages/core/src';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  // pnpm keeps packages apart, so plugins are not found by themselves.
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  mutate: [
    `${core}/connection/connection.ts`,
    `${core}/connection/send-buffer.ts`,
    `${core}/connection/page-reader.ts`,
    `${core}/stream/resume-position.ts`,
    `${core}/modes/*.ts`,
    `${core}/run/apply-run-event.ts`,
    `${core}/run/run-order.ts`,
    `${core}/run/run-table.ts`,
    `${core}/stream/append-plan.ts`,
    `${core}/stream/append-queue.ts`,
    `${core}/stream/log-writer.ts`,
    `${core}/stream/fan-out.ts`,
    `${core}/stream/delta-text.ts`,
    `${core}/stream/event-frames.ts`,
  ],
  // Texts are for people, and no test reads them; codes and names are unions of the compiler, which refuses another string.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignorePatterns: [
    'apps',
    'bench',
    'e2e',
    'docs',
    'examples',
    'verify',
    '**/dist',
    '**/.turbo',
    'test-results',
    'data',
  ],
  tempDirName: join(tmpdir(), 'ws-mutation'),
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ['clear-text', 'html', 'json', 'progress-append-only'],
  htmlReporter: { fileName: 'test-results/mutation.html' },
  jsonReporter: { fileName: 'test-results/mutation.json' },
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
};
