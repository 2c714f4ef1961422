import { describe, expect, it } from 'vitest';
import { note } from '../../apps/server/test/support/events.ts';
import { mustPublish } from '../../apps/server/test/support/http.ts';
import { expectKept, expectNoGap, expectWholeRun } from './support/expect-order.ts';
import { isSkipped } from './support/places.ts';
import { useVisits } from './support/visit.ts';

const QUESTION = 'Where is the manager factory defined?';

describe.skipIf(isSkipped)('a run that is interrupted on its way to the screen', () => {
  const visits = useVisits();

  it('a reload in the middle: the page is rebuilt, the run goes on and is complete', async () => {
    const page = await visits.open('reloads');
    await page.ask(QUESTION);
    await page.runs('running').waitFor();
    await page.reload();
    await page.runs().waitFor();
    await page.shoot('reload-1-back');
    await page.runs('completed').waitFor();
    await page.showLog();
    await page.shoot('reload-2-complete');
    const rows = await page.rows();
    expectNoGap(rows);
    expectWholeRun(rows, await page.runId());
    expect(await page.runs().count()).toBe(1);
    expect(await page.the('user-message').count()).toBe(1);
    expect(await page.the('answer').textContent()).toContain('get-web-socket-manager.ts');
    await expectKept(page);
  });

  it('a cut in the middle: it says so, resumes, and nothing is missing', async () => {
    const page = await visits.open('cuts');
    await page.showLog();
    await page.ask(QUESTION);
    await page.the('tool-call').first().waitFor();
    await page.the('cut-button').click();
    await page.the('resume-notice').waitFor();
    await page.shoot('cut-1-away');
    const during = await page.rows();
    // Something happens meanwhile, also where a tool of the agent takes as long as the cut.
    await mustPublish(visits.url, 'cuts', [note(1)]);
    await page.page.locator('[data-testid="resume-notice"][data-tone="good"]').waitFor();
    await page.runs('completed').waitFor();
    await page.shoot('cut-2-resumed');
    const notice = page.the('resume-notice');
    expect(await notice.getAttribute('data-missing')).toBe('0');
    expect(Number(await notice.getAttribute('data-replayed'))).toBeGreaterThan(0);
    const rows = await page.rows();
    expect(rows.slice(0, during.length)).toEqual(during);
    expectNoGap(rows);
    expectWholeRun(rows, await page.runId());
    await expectKept(page);
  });

  it('a second tab shows the same, live and afterwards', async () => {
    const first = await visits.open('tabs');
    await first.ask(QUESTION);
    await first.runs().waitFor();
    const second = await visits.openBeside(first);
    await second.runs().waitFor();
    await Promise.all([first, second].map(async (page) => page.runs('completed').waitFor()));
    await second.shoot('tabs-second');
    expect(await second.runId()).toBe(await first.runId());
    expect(await second.the('answer').textContent()).toBe(await first.the('answer').textContent());
    expect(await second.the('thinking').textContent()).toBe(await first.the('thinking').textContent());
    expect(await second.the('tool-call').count()).toBe(await first.the('tool-call').count());
    expect(await second.the('position').getAttribute('data-offset')).toBe(
      await first.the('position').getAttribute('data-offset'),
    );
    await second.showLog();
    expectNoGap(await second.rows());
  });
});
