import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createHub } from '@ws/core';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { getManager } from '../../src/index.ts';
import { quietWarnings } from '../support/quiet-warnings.ts';

quietWarnings();

it('a client of the first system works over a real WebSocket', async () => {
  const said: string[] = [];
  const hub = createHub({ onUserMessage: ({ text }) => void said.push(text) });
  const manager = getManager({ userId: 'alice' }, hub);
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => manager.connectUser('alice', socket, { legacyEvents: 'flat' }));
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const received: Record<string, unknown>[] = [];
  const waiting = new Map<string, () => void>();
  client.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as Record<string, unknown>;
    received.push(message);
    waiting.get(String(message['type']))?.();
  });
  const until = (type: string): Promise<void> => new Promise((resolve) => waiting.set(type, resolve));
  await until('connection_ready');

  client.send(JSON.stringify({ type: 'chat', content: 'hello' }));
  await until('accepted');
  expect(said).toEqual(['hello']);

  const ended = until('agent_completed');
  await manager.emitCriticalEvent('alice', 'agent_started', { agent_name: 'analyst' });
  await manager.emitCriticalEvent('alice', 'agent_thinking', { thought: 'Hm', agent_name: 'analyst' });
  await manager.emitCriticalEvent('alice', 'agent_completed', { response: 'Done.' });
  await ended;
  expect(received.filter(({ type }) => String(type).startsWith('agent_'))).toMatchObject([
    { type: 'agent_started', user_id: 'alice', agent_name: 'analyst' },
    { type: 'agent_thinking', reasoning: 'Hm' },
    { type: 'agent_completed', status: 'completed', final_response: 'Done.' },
  ]);

  const closed = once(client, 'close');
  await manager.shutdown();
  await closed;
  server.close();
  await hub.close();
});
