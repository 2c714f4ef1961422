import { getWebSocketManager, MemoryEventLog } from '@ws/core';
import { expect, it, onTestFinished } from 'vitest';
import { createServer, type Server } from '../src/index.ts';
import { createLogger } from '../src/process.ts';

const ALICE = { userId: 'alice' };

/** A server, with the lines that it logs. */
async function open(): Promise<{ readonly server: Server; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const logger = createLogger('warn', { write: (line) => void lines.push(line) });
  const server = await createServer({ log: new MemoryEventLog(), authenticate: () => ALICE, logger });
  onTestFinished(async () => server.close({ deadlineMs: 0 }));
  return { server, lines };
}

it('getWebSocketManager without a hub is that of the server, wherever in the process it is called', async () => {
  const { server, lines } = await open();
  expect(getWebSocketManager(ALICE)).toBe(server.hub.manager(ALICE));
  expect(lines).toEqual([]);
});

it('getWebSocketManager without a hub asks which of two servers is meant, and goes on when one is closed', async () => {
  const [{ server: first }, { server: second }] = [await open(), await open()];
  expect(() => getWebSocketManager(ALICE)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  await first.close({ deadlineMs: 0 });
  expect(getWebSocketManager(ALICE)).toBe(second.hub.manager(ALICE));
});

it('getWebSocketManager without a hub passes over a server whose hub the application has closed', async () => {
  const { server: first } = await open();
  await first.hub.close();
  const { server: second, lines } = await open();
  expect(lines).toEqual([]);
  expect(getWebSocketManager(ALICE)).toBe(second.hub.manager(ALICE));
  expect(
    (await getWebSocketManager(ALICE).emit({ type: 'user_message', payload: { message_id: 'm1', text: 'hi' } })).offset,
  ).toBe(1);
});

it('a server that comes after the first manager says that its clients see nothing of it', async () => {
  const manager = getWebSocketManager(ALICE);
  const { server, lines } = await open();
  expect(lines.join('')).toContain('getWebSocketManager was called without a hub before createServer');
  expect(server.hub.manager(ALICE)).not.toBe(manager);
  expect(getWebSocketManager(ALICE)).toBe(manager);
});
