/// <reference lib="dom" />
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { complaintsOf } from './complaints.ts';
import { SCREENSHOTS } from './places.ts';

const PATIENCE_MS = 20_000;

/** The inspector as an administrator uses it. */
export class InspectorPage {
  readonly page: Page;
  readonly complaints: readonly string[];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    this.complaints = complaintsOf(page);
  }

  the(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  async enter(key: string): Promise<void> {
    await this.the('key-input').fill(key);
    await this.the('key-submit').click();
  }

  async openUser(user: string): Promise<void> {
    await this.the('user-search').fill(user);
    await this.the('user-search').press('Enter');
    await this.the('stream-user').filter({ hasText: user }).waitFor();
  }

  /** `[shown, all]` events of the replay. */
  async shown(): Promise<readonly [number, number]> {
    const [shown = '', all = ''] = (await this.the('shown').textContent())?.split('/') ?? [];
    return [Number(shown), Number(all)];
  }

  /** The lines of the file that the export hands out, and its name. */
  async exported(): Promise<{ readonly name: string; readonly lines: readonly Record<string, unknown>[] }> {
    const saving = this.page.waitForEvent('download');
    await this.the('export').click();
    const download = await saving;
    const text = readFileSync(await download.path(), 'utf8');
    const lines = text.trimEnd().split('\n');
    return {
      name: download.suggestedFilename(),
      lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    };
  }

  async shoot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: resolve(SCREENSHOTS, `${name}.png`) });
  }
}
