import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectKept, expectNoGap, expectWholeRun } from './support/expect-order.ts';
import { isSkipped, ROOT } from './support/places.ts';
import { useVisits } from './support/visit.ts';

describe.skipIf(isSkipped)('asking the demo agent', () => {
  const visits = useVisits();

  it('shows all five kinds of events in order, and an answer that is true', async () => {
    const alice = await visits.open('alice');
    await alice.shoot('ask-1-empty');
    await alice.showLog();
    await alice.ask('Where is the manager factory defined?');
    await alice.the('tool-call').first().waitFor();
    await alice.shoot('ask-2-working');
    await alice.runs('completed').waitFor();
    await alice.shoot('ask-3-answered');

    expect(await alice.the('answer').textContent()).toContain('packages/core/src/get-web-socket-manager.ts');
    expect(await alice.the('thinking').count()).toBe(1);
    const rows = await alice.rows();
    expectNoGap(rows);
    expect(rows[0]?.type).toBe('user_message');
    expectWholeRun(rows, await alice.runId());
    expect(await alice.the('position').getAttribute('data-offset')).toBe(String(rows.at(-1)?.offset));
    await expectKept(alice);
  });

  it('counts lines of tests as a person would', async () => {
    const before = linesOfTests();
    const bob = await visits.open('bob');
    await bob.ask('How many lines of tests are there?');
    await bob.runs('completed').waitFor();
    await bob.shoot('ask-4-counted');
    const answer = (await bob.the('answer').textContent()) ?? '';
    const counted = Number(/There are ([\d,.\s]+) lines/.exec(answer)?.[1]?.replaceAll(/\D/g, ''));
    // Somebody may be writing tests at this moment.
    expect([before, linesOfTests()]).toContain(counted);
  });
});

/** Counted apart from the agent, with other means. */
function linesOfTests(): number {
  const skipped = new Set(['node_modules', 'dist', 'coverage', 'test-results', 'data', '.git', '.turbo', '.cache']);
  const files = globSync('**/*.{test,spec,test-d}.{ts,tsx,mts,cts,js,jsx,mjs,cjs}', {
    cwd: ROOT,
    exclude: (path) => skipped.has(path.split('/').at(-1) ?? ''),
  });
  const python = globSync('**/{test_*,*_test}.py', {
    cwd: ROOT,
    exclude: (path) => skipped.has(path.split('/').at(-1) ?? ''),
  });
  return [...files, ...python].reduce(
    (sum, file) => sum + (readFileSync(resolve(ROOT, file), 'utf8').match(/[^\n]*\n|[^\n]+$/g)?.length ?? 0),
    0,
  );
}
