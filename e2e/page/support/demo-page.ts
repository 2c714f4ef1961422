/// <reference lib="dom" />
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { complaintsOf } from './complaints.ts';
import { SCREENSHOTS } from './places.ts';

/** One row of the event log. */
export interface Row {
  readonly type: string;
  readonly offset: number;
  readonly runId: string | undefined;
  /** How many events it stands for. */
  readonly merged: number;
}

const PATIENCE_MS = 20_000;

/** The page as a person uses it: what can be seen, and what can be done. */
export class DemoPage {
  readonly page: Page;
  /** What a developer would see in red. */
  readonly complaints: readonly string[];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    this.complaints = complaintsOf(page);
  }

  async go(address: string): Promise<void> {
    await this.page.goto(address);
    await this.live();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.live();
  }

  /** Waits until the page is connected and has caught up. */
  async live(): Promise<void> {
    await this.page.locator('[data-testid="connection-state"][data-state="live"]').waitFor();
  }

  the(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  async ask(question: string): Promise<void> {
    await this.the('composer-input').fill(question);
    await this.the('send-button').click();
  }

  /** Cards of runs, by what became of them. */
  runs(status?: string): Locator {
    return this.page.locator(`[data-testid="run-card"]${status === undefined ? '' : `[data-status="${status}"]`}`);
  }

  async runId(): Promise<string> {
    return (await this.runs().last().getAttribute('data-run-id')) ?? '';
  }

  async showLog(): Promise<void> {
    await this.the('event-log-toggle').click();
    await this.page.getByRole('region', { name: 'Events' }).waitFor();
  }

  /** The rows of the event log, which has to be open. */
  async rows(): Promise<readonly Row[]> {
    return this.the('event-row').evaluateAll((rows) =>
      rows.map((row) => ({
        type: row.getAttribute('data-type') ?? '',
        offset: Number(row.getAttribute('data-offset')),
        runId: row.getAttribute('data-run-id') ?? undefined,
        merged: Number(/merged (\d+)/.exec(row.textContent)?.[1] ?? 1),
      })),
    );
  }

  async shoot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: resolve(SCREENSHOTS, `${name}.png`) });
  }
}
