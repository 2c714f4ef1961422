import { describe, expect, it } from 'vitest';
import { expectNoGap } from './support/expect-order.ts';
import { isSkipped } from './support/places.ts';
import { useVisits } from './support/visit.ts';

const QUESTION = 'Where is the manager factory defined?';

describe.skipIf(isSkipped)('users and their runs', () => {
  const visits = useVisits();

  it('another user sees nothing of it', async () => {
    const [alice, mallory] = [await visits.open('alice'), await visits.open('mallory')];
    await mallory.showLog();
    await alice.ask(QUESTION);
    await alice.runs('completed').waitFor();
    // A run of her own, so that whatever was to come has come.
    await mallory.ask('What is this project?');
    await mallory.runs('completed').waitFor();
    await mallory.shoot('users-other');
    expect(await mallory.runs().count()).toBe(1);
    expect(await mallory.the('user-message').count()).toBe(1);
    expect(await mallory.the('thread-item').count()).toBe(1);
    const rows = await mallory.rows();
    expectNoGap(rows);
    const own = await mallory.runId();
    expect(rows.map(({ runId }) => runId ?? own).filter((runId) => runId !== own)).toEqual([]);
    expect(await mallory.page.content()).not.toContain(await alice.runId());
  });

  it('a run is stopped from any tab, and both say so', async () => {
    const first = await visits.open('stops');
    await first.ask(QUESTION);
    await first.runs('completed').waitFor();
    const second = await visits.openBeside(first);
    await first.ask(QUESTION);
    await second.the('cancel-run').click();
    await Promise.all([first, second].map(async (page) => page.runs('cancelled').waitFor()));
    await first.shoot('stop-cancelled');
    await first.showLog();
    const rows = await first.rows();
    expectNoGap(rows);
    expect(rows.at(-1)?.type).toBe('agent_completed');
    expect(await first.the('cancel-run').count()).toBe(0);
  });

  it('conversations stay apart: a new one is empty, the old one is where it was', async () => {
    const page = await visits.open('threads');
    await page.ask(QUESTION);
    await page.runs('completed').waitFor();
    await page.the('new-thread').click();
    await page.runs().waitFor({ state: 'detached' });
    await page.ask('What is this project?');
    await page.runs('completed').waitFor();
    expect(await page.the('thread-item').count()).toBe(2);
    await page.shoot('threads-two');
    await page.the('thread-item').filter({ hasText: 'manager factory' }).click();
    await page.the('answer').filter({ hasText: 'get-web-socket-manager.ts' }).waitFor();
    expect(await page.runs().count()).toBe(1);
  });
});
