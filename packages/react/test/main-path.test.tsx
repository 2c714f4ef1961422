import './support/dom.ts';
import { cleanup, fireEvent, render, within } from '@testing-library/react';
import { webStoragePositionStore, type ClientOptions } from '@ws/client';
import { StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketProvider } from '../src/index.ts';
import { AgentService } from './support/agent-service.ts';
import { Chat } from './support/chat.tsx';

// The real service, the real client, real sockets.

let service: AgentService;
beforeEach(async () => {
  service = await AgentService.start();
});
afterEach(cleanup);

/** A tab of a user. */
function openTab(options: ClientOptions) {
  const root = document.body.appendChild(document.createElement('div'));
  const page = render(
    <StrictMode>
      <WebSocketProvider options={options} onError={() => undefined}>
        <Chat />
      </WebSocketProvider>
    </StrictMode>,
    { container: root },
  );
  const screen = within(root);
  const text = (id: string) => (): string | undefined => screen.queryAllByTestId(id).at(-1)?.textContent;
  const sees = async (id: string, expected: string): Promise<void> =>
    expect.poll(text(id), { timeout: 10_000, interval: 10 }).toBe(expected);
  return {
    sees,
    press: (name: string) => fireEvent.click(screen.getByText(name)),
    close: () => page.unmount(),
    screen,
  };
}

async function openLive(more: Partial<ClientOptions> = {}) {
  const tab = openTab(service.options('alice', more));
  await tab.sees('status', 'live');
  return tab;
}

it('a run is seen live: message, reasoning, tools, answer', async () => {
  const tab = await openLive();
  tab.press('hello world');
  await tab.sees('run', 'completed: You said: hello world');
  await tab.sees('message', 'hello world (sent)');
  await tab.sees('thinking', 'I say it again. ');
  await tab.sees('tools', 'echo completed');
  await tab.sees('working', 'false');
  await tab.sees('sending', 'idle');
  expect(tab.screen.getAllByTestId('message')).toHaveLength(1);
});

it('a run that fails says why', async () => {
  const tab = await openLive();
  tab.press('fail');
  await tab.sees('run', 'failed: no such tool');
});

describe('a page that is loaded again in the middle of a run', () => {
  it('has the whole conversation from the log', async () => {
    const tab = await openLive();
    tab.press('wait');
    await tab.sees('run', 'running: I wait. ');
    tab.close();
    const again = await openLive();
    await again.sees('message', 'wait (sent)');
    await again.sees('run', 'running: I wait. ');
    await again.sees('stop', 'can stop');
    const [message, run] = [again.screen.getByTestId('message'), again.screen.getByTestId('run')];
    // The message stands above the run that answers it.
    expect(message.compareDocumentPosition(run) & message.DOCUMENT_POSITION_FOLLOWING).not.toBe(0);
    again.press('Stop');
    await again.sees('run', 'cancelled: I wait. cancelled by the user');
  });

  it('goes on at the position that was kept, and knows what is open', async () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
    };
    const store = webStoragePositionStore(storage, 'position:alice');
    const tab = await openLive({ store });
    tab.press('ask');
    await tab.sees('approval', 'may it delete?');
    tab.close();
    await expect.poll(() => kept.size).toBe(1);
    const again = await openLive({ store });
    await again.sees('run', 'running: ');
    await again.sees('approval', 'may it delete?');
    again.press('Yes');
    await again.sees('run', 'completed: deleted');
  });
});

it('two tabs show the same, and what is decided in one is decided in both', async () => {
  const [left, right] = [await openLive(), await openLive()];
  left.press('ask');
  for (const tab of [left, right]) await tab.sees('approval', 'may it delete?');
  right.press('No');
  left.press('Yes');
  for (const tab of [left, right]) {
    await tab.sees('approval', 'none');
    await tab.sees('stop', 'over');
  }
  // One of them was first; both show what came of it.
  const outcome = left.screen.getByTestId('run').textContent;
  expect(outcome).toMatch(/^completed: (kept|deleted)$/);
  await right.sees('run', outcome);
});

it('a stop from another tab stops it in both', async () => {
  const [left, right] = [await openLive(), await openLive()];
  left.press('wait');
  await right.sees('run', 'running: I wait. ');
  right.press('Stop');
  for (const tab of [left, right]) {
    await tab.sees('run', 'cancelled: I wait. cancelled by the user');
    await tab.sees('stop', 'over');
  }
});

it('a server that is restarted: the page says so, and goes on where it was', async () => {
  const tab = await openLive();
  tab.press('hello world');
  await tab.sees('run', 'completed: You said: hello world');
  await service.stop();
  await tab.sees('status', 'waiting');
  // What is sent meanwhile waits with the user.
  tab.press('ask');
  await tab.sees('message', 'ask (sending)');
  await service.start();
  await tab.sees('status', 'live');
  await tab.sees('approval', 'may it delete?');
  expect(tab.screen.getAllByTestId('message').map(({ textContent }) => textContent)).toEqual([
    'hello world (sent)',
    'ask (sent)',
  ]);
});

it('a token that is refused closes the page for good, and a good one opens it again', async () => {
  let isGood = false;
  const good = service.options('alice').token;
  const token: ClientOptions['token'] = async (request) =>
    isGood && typeof good === 'function' ? good(request) : 'not.a.token';
  const tab = openTab(service.options('alice', { token }));
  await tab.sees('status', 'closed: UNAUTHORIZED');
  tab.press('hello world');
  await tab.sees('sending', 'CLIENT_CLOSED');
  await tab.sees('message', 'hello world (failed)');
  isGood = true;
  tab.press('Reconnect');
  await tab.sees('status', 'live');
  tab.press('hello world');
  await tab.sees('run', 'completed: You said: hello world');
});
