import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { UserMessageHandler } from '@ws/core';
import { startService, type Service } from '../../src/service.ts';
import { readSettings } from '../../src/settings/index.ts';
import { makeTempFolder } from './temp-folder.ts';

export type Environment = Readonly<Record<string, string>>;

/**
 * A service in this process, on a free port, in development mode unless `env` says `WS_DEVELOPMENT: 'off'`. Errors of its log stay out of
 * the test's output.
 */
export async function openService(env: Environment = {}, onUserMessage?: UserMessageHandler): Promise<Service> {
  using folder = makeTempFolder();
  const quiet = { WS_PORT: '0', WS_LOG_URL: 'memory:', WS_LOG_LEVEL: 'silent' };
  const settings = readSettings({ WS_DEVELOPMENT: 'on', ...quiet, ...env });
  return startService({
    settings,
    pageFolder: join(folder.path, 'no-page'),
    ...(onUserMessage === undefined ? {} : { onUserMessage }),
  });
}

/** One service for all tests of a file. */
export function useService(env: Environment = {}, onUserMessage?: UserMessageHandler): { readonly url: string } {
  let service: Service | undefined;
  beforeAll(async () => {
    service = await openService(env, onUserMessage);
  });
  afterAll(async () => {
    await service?.close(0);
  });
  return {
    get url() {
      if (service === undefined) throw new Error('the service runs inside of tests only');
      return service.url;
    },
  };
}

let users = 0;

/** A user no other test of this file has. */
export function freshUser(): string {
  users += 1;
  return `user-${users}`;
}
