/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { isSkipped } from './support/places.ts';
import { useVisits } from './support/visit.ts';

const SLOW = 'What is this project? Answer slowly.';
const ASKS = 'How many lines of tests are there? Ask me first.';
const PHONE = { width: 390, height: 844 };

describe.skipIf(isSkipped)('the page says only what it knows', () => {
  const visits = useVisits();

  it('of a run while the connection is cut: it was running when last seen, and nothing turns', async () => {
    const page = await visits.open('known-cut');
    await page.page.getByTestId('example').filter({ hasText: SLOW }).click();
    await page.page.locator('[data-testid="run-card"][data-activity="working"]').waitFor();
    await page.the('cut-button').click();
    await page.page.locator('[data-testid="run-card"][data-activity="unknown"]').waitFor();
    expect(await page.page.locator('.conversation .spinner, .thread-entry .spinner').count()).toBe(0);
    expect(await page.runs().textContent()).toContain('Last seen running');
    expect(await page.the('resume-notice').textContent()).not.toContain('go on');
    await page.shoot('known-cut');
    // The run is long enough to be seen again.
    await page.page.locator('[data-testid="run-card"][data-activity="working"]').waitFor();
    await page.the('cancel-run').click();
    await page.runs('cancelled').waitFor();
  });

  it('of an approval: it stands below the text that led to it, nothing turns, and the decision stays', async () => {
    const page = await visits.open('known-approval');
    await page.page.getByTestId('example').filter({ hasText: ASKS }).click();
    await page.the('approval').waitFor();
    await page.page.locator('[data-testid="run-card"][data-activity="asking"]').waitFor();
    const [answer, approval] = [await page.the('answer').boundingBox(), await page.the('approval').boundingBox()];
    expect(approval?.y).toBeGreaterThanOrEqual((answer?.y ?? Infinity) + (answer?.height ?? 0));
    expect(await page.page.locator('.conversation .spinner, .thread-entry .spinner').count()).toBe(0);
    await page.shoot('known-approval');
    await page.the('deny').click();
    await page.runs('completed').waitFor();
    expect(await page.the('decision').textContent()).toContain('count_lines was denied');
    await page.shoot('known-denied');
    await page.reload();
    expect(await page.the('decision').textContent()).toContain('count_lines was denied');
    await page.ask(ASKS);
    await page.the('approve').click();
    await page.runs('completed').nth(1).waitFor();
    const approved = page.the('tool-call').filter({ hasText: 'approved' });
    expect(await approved.getAttribute('data-tool-name')).toBe('count_lines');
  });

  it('of a message that can not be sent: why, again if it is tried again, and nothing of it when it is discarded', async () => {
    const page = await visits.open('known-refused');
    await page.ask('x'.repeat(200_000));
    const refused = page.page.locator('[data-testid="outgoing-message"][data-outgoing="failed"]');
    await refused.filter({ hasText: 'Not sent' }).waitFor();
    await page.page.getByRole('button', { name: 'Try again' }).click();
    await refused.waitFor();
    expect(await page.the('outgoing-message').count()).toBe(1);
    await page.page.getByRole('button', { name: 'Discard' }).click();
    await page.the('example').first().waitFor();
    expect(await page.the('outgoing-message').count()).toBe(0);
  });

  it('of runs whose agent names no conversation: they are listed and shown apart, and a question opens a new one', async () => {
    const page = await visits.open('known-loose');
    const publish = async (type: string, payload: object): Promise<void> => {
      const answer = await fetch(`${visits.url}/v1/users/known-loose/events`, {
        method: 'POST',
        headers: { authorization: 'Bearer dev-key', 'content-type': 'application/json' },
        body: JSON.stringify({ events: [{ type, run_id: 'loose', payload }] }),
      });
      expect(answer.status).toBe(200);
    };
    await publish('agent_started', { agent_name: 'billing', task: 'count the invoices' });
    await page.runs('running').waitFor();
    await page.the('thread-item').filter({ hasText: 'count the invoices' }).filter({ hasText: 'working' }).waitFor();
    await publish('agent_completed', { status: 'completed', final_response: 'There are 12.', duration_ms: 5 });
    await page.the('answer').filter({ hasText: 'There are 12.' }).waitFor();
    await page.shoot('known-loose');
    await page.ask('What is this project?');
    await page.the('user-message').waitFor();
    expect(await page.runs().filter({ hasText: 'billing' }).count()).toBe(0);
    await page.the('thread-item').filter({ hasText: 'count the invoices' }).click();
    await page.runs().filter({ hasText: 'There are 12.' }).waitFor();
    expect(await page.the('user-message').count()).toBe(0);
  });

  it('on a phone: what the panel does to the conversation is in view', async () => {
    const page = await visits.open('known-phone');
    await page.page.setViewportSize(PHONE);
    await page.ask(SLOW);
    await page.page.locator('[data-testid="run-card"][data-activity="working"]').waitFor();
    await page.page.locator('.connection-pill').click();
    await page.the('cut-button').click();
    await page.the('resume-notice').waitFor();
    const sheet = await page.page.locator('dialog.drawer').boundingBox();
    const notice = await page.the('resume-notice').boundingBox();
    await page.shoot('known-phone');
    expect(notice?.y).toBeGreaterThan((sheet?.y ?? 0) + (sheet?.height ?? Infinity));
    await page.page.keyboard.press('Escape');
    await page.page.locator('[data-testid="run-card"][data-activity="working"]').waitFor();
    await page.the('cancel-run').click();
    await page.runs('cancelled').waitFor();
    await page.shoot('known-phone-closed');
  });

  it('on a phone: the reference shows the meaning of each code', async () => {
    const page = await visits.open('known-docs');
    await page.page.setViewportSize(PHONE);
    await page.page.goto(`${visits.url}/docs#codes`);
    const ends = await page.page
      .locator('#codes td:last-child, #closes td:last-child')
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect()).map(({ right }) => right));
    await page.shoot('known-docs');
    expect(ends.length).toBeGreaterThan(20);
    expect(Math.max(...ends)).toBeLessThanOrEqual(PHONE.width);
  });
});
