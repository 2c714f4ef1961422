import { existsSync, readFileSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { ROOT } from './places.ts';
import { runProcess } from './run-process.ts';

type TestStatus = 'passed' | 'failed' | 'skipped';

export interface TestResult {
  /** Path from the root of the workspace. */
  readonly file: string;
  /** The names of its groups and its own, with blanks between them. */
  readonly name: string;
  readonly status: TestStatus;
}

/** A step of `pnpm test`: format, lint, layering, typecheck, vitest. */
interface Check {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

/** What `pnpm test` found out in this run. */
export interface TestRun {
  readonly checks: readonly Check[];
  readonly tests: readonly TestResult[];
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const RESULTS = resolve(ROOT, 'test-results');
const CHECKS = resolve(RESULTS, 'checks.json');
const VITEST = resolve(RESULTS, 'vitest.json');

function statusOf(status: string): TestStatus {
  return status === 'passed' || status === 'failed' ? status : 'skipped';
}

/** Reads the results that the last `pnpm test` left. */
export function readTestRun(): TestRun {
  if (!existsSync(CHECKS) || !existsSync(VITEST)) throw new Error('the tests left no results');
  const report = JSON.parse(readFileSync(VITEST, 'utf8')) as VitestReport;
  return {
    checks: JSON.parse(readFileSync(CHECKS, 'utf8')) as Check[],
    tests: report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ fullName, status }) => ({
        file: relative(ROOT, name).replaceAll('\\', '/'),
        name: fullName.trim(),
        status: statusOf(status),
      })),
    ),
  };
}

/** Runs `pnpm test`, all of it. */
export async function runTests(onLine: (line: string) => void): Promise<TestRun> {
  for (const file of [CHECKS, VITEST]) rmSync(file, { force: true });
  const { stderr } = await runProcess(process.execPath, ['scripts/test.mjs'], { cwd: ROOT, onLine });
  try {
    return readTestRun();
  } catch (error) {
    throw new Error(`the tests did not run to their end: ${stderr.slice(-2_000)}`, { cause: error });
  }
}

export function testsOf(tests: readonly TestResult[], file: string): readonly TestResult[] {
  return tests.filter((test) => test.file === file);
}
