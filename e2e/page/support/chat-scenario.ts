/// <reference lib="dom" />
import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { complaintsOf } from './complaints.ts';
import { ExampleProcess, type ExampleProgram } from './example-process.ts';

const PATIENCE_MS = 30_000;

const live = async (page: Page): Promise<void> =>
  page.locator('[data-testid="connection"][data-state="live"]').waitFor();
const runs = (page: Page, status: string): Locator => page.locator(`[data-testid="run"][data-status="${status}"]`);

async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  return page;
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByTestId('name').fill(name);
  await page.getByTestId('sign-in').click();
  await live(page);
}

async function ask(page: Page, text: string): Promise<void> {
  await page.getByTestId('message-input').fill(text);
  await page.getByTestId('send').click();
}

/** What stands in the conversation, from top to bottom. */
async function said(page: Page): Promise<readonly string[]> {
  const texts = await page.locator('[data-testid="message"], [data-testid="run"]').allTextContents();
  return texts.map((text) => text.trim());
}

const answerTo = (text: string): string => `You said: ${text}. That is all I have to say about it.`;

/**
 * What every example of a chat has to stand: sign in, ask, reload in the middle of the answer, a second tab, `kill -9` and a new start,
 * another user, a second session of the same user, and sign out in one tab. Ends the server it started.
 */
export async function standsTheScenario(browser: Browser, program: ExampleProgram): Promise<void> {
  let server = await ExampleProcess.start(program);
  const contexts: BrowserContext[] = [];
  const context = async (): Promise<BrowserContext> => {
    const made = await browser.newContext();
    contexts.push(made);
    return made;
  };
  try {
    const { url, port } = server;
    const own = await context();
    const page = await open(own, url);
    const complaints = complaintsOf(page);
    await signIn(page, 'alice');

    await ask(page, 'one');
    await runs(page, 'running').filter({ hasText: 'You said:' }).waitFor();
    // In the middle of the answer.
    await page.reload();
    const tab = await open(own, url);
    for (const each of [page, tab]) {
      await runs(each, 'completed').waitFor();
      assert.deepEqual(await said(each), ['one', answerTo('one')]);
    }
    assert.deepEqual(complaints, []);

    const other = await open(await context(), url);
    await signIn(other, 'bob');
    const elsewhere = await open(await context(), url);
    await signIn(elsewhere, 'alice');
    await runs(elsewhere, 'completed').waitFor();

    await ask(tab, 'two');
    await runs(page, 'running').filter({ hasText: 'You said: two' }).waitFor();
    await server.kill();
    await page.locator('[data-testid="connection"][data-state="waiting"]').waitFor();
    server = await ExampleProcess.start({ ...program, env: { ...program.env, PORT: port } });
    for (const each of [page, tab, elsewhere]) {
      await runs(each, 'interrupted').waitFor();
      await live(each);
    }
    await ask(page, 'three');
    for (const each of [page, tab, elsewhere]) {
      await runs(each, 'completed').nth(1).waitFor();
      const texts = await said(each);
      assert.match(texts[3] ?? '', /^You said: two.*interrupted/s);
      assert.deepEqual(texts.toSpliced(3, 1), ['one', answerTo('one'), 'two', 'three', answerTo('three')]);
    }
    await live(other);
    assert.deepEqual(await said(other), []);

    // One session is signed out, in all of its tabs; another one of the same user goes on.
    await page.getByTestId('sign-out').click();
    for (const each of [page, tab]) {
      await each.getByTestId('name').waitFor();
      assert.deepEqual(await said(each), []);
    }
    await page.reload();
    await page.getByTestId('name').waitFor();
    await ask(elsewhere, 'four');
    await runs(elsewhere, 'completed').nth(2).waitFor();
    await live(elsewhere);
    // Another user in the same browser sees nothing of the first.
    await signIn(page, 'carol');
    await ask(page, 'five');
    await runs(page, 'completed').waitFor();
    assert.deepEqual(await said(page), ['five', answerTo('five')]);
  } catch (error) {
    throw new Error(`the example said: ${server.output}`, { cause: error });
  } finally {
    for (const each of contexts) await each.close();
    await server.kill();
  }
}
