import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UserMessageHandler } from '@ws/core';
import { startService, type Service } from '@ws/service/service';
import { readSettings } from '@ws/service/settings';
import type { ClientOptions } from '@ws/client';
import { WebSocket } from 'ws';
import { onTestFinished } from 'vitest';

export const THREAD = 't1';

/** An agent that does what it is told, so that a test sees every state of a run. */
const answer: UserMessageHandler = async ({ text, runId, threadId, manager }) => {
  await using run = await manager.startRun({ agentName: 'tester', runId, threadId, task: text });
  if (text === 'wait') {
    await run.write('I wait. ');
    await new Promise((resolve) => run.signal.addEventListener('abort', resolve));
  } else if (text === 'ask') {
    const { approved } = await run.requestApproval({ toolName: 'delete', args: { file: 'a.txt' } });
    await run.complete({ finalResponse: approved ? 'deleted' : 'kept' });
  } else if (text === 'fail') {
    await run.fail('no such tool');
  } else {
    await run.think('I say it again. ');
    await run.tool('echo', { text }, () => ({ text }));
    for (const word of `You said: ${text}`.split(/(?= )/)) await run.write(word);
    await run.complete();
  }
};

/** The real service with its log on disk, which can be stopped and started again at the same address. */
export class AgentService {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ws-react-'));
  #service: Service | null = null;
  #port = '0';

  static async start(): Promise<AgentService> {
    const service = new AgentService();
    onTestFinished(() => service.#end());
    await service.start();
    return service;
  }

  get url(): string {
    return this.service.url;
  }

  get service(): Service {
    if (this.#service === null) throw new Error('the service is stopped');
    return this.#service;
  }

  async start(): Promise<void> {
    const settings = readSettings({
      WS_DEVELOPMENT: 'on',
      WS_PORT: this.#port,
      WS_LOG_URL: `sqlite:${join(this.#folder, 'events.db')}`,
      WS_LOG_LEVEL: 'silent',
    });
    const pageFolder = join(this.#folder, 'no-page');
    this.#service = await startService({ settings, pageFolder, onUserMessage: answer });
    this.#port = new URL(this.#service.url).port;
  }

  async stop(): Promise<void> {
    await this.#service?.close(0);
    this.#service = null;
  }

  /** Options of a client for a user. */
  options(userId: string, more: Partial<ClientOptions> = {}): ClientOptions {
    const address = `${this.url}`;
    return {
      url: `${address}/ws`,
      token: async () => tokenOf(address, userId),
      from: 'earliest',
      backoff: { minMs: 1, maxMs: 50 },
      WebSocket,
      ...more,
    };
  }

  async #end(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function tokenOf(url: string, userId: string): Promise<string> {
  const response = await fetch(`${url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: userId }),
  });
  const { token } = (await response.json()) as { readonly token: string };
  return token;
}
