import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shownSettings, withDotEnv } from '../src/settings/index.ts';
import { ServerProcess } from './support/server-process.ts';
import { makeTempFolder } from './support/temp-folder.ts';
import { PRODUCTION } from './support/tokens.ts';

describe('a file .env in the working folder', () => {
  it('stands below the environment, and never says what makes the service safe or not', () => {
    using folder = makeTempFolder();
    const lines = ['WS_PORT=9999', 'WS_HOST="127.0.0.2"', 'NODE_ENV=development', 'WS_DEVELOPMENT=on'];
    writeFileSync(join(folder.path, '.env'), lines.join('\n'));
    const { env, notes } = withDotEnv({ WS_PORT: '1', WS_HOST: '' }, folder.path);
    expect(env).toEqual({ WS_PORT: '1', WS_HOST: '127.0.0.2' });
    expect(notes).toEqual([
      `settings of ${join(folder.path, '.env')} are used where the environment says nothing`,
      `NODE_ENV of ${join(folder.path, '.env')} has no effect: set it in the environment`,
      `WS_DEVELOPMENT of ${join(folder.path, '.env')} has no effect: set it in the environment`,
    ]);
  });

  it('may be absent, and one that cannot be read is a note', () => {
    using folder = makeTempFolder();
    expect(withDotEnv({ WS_PORT: '1' }, folder.path)).toEqual({ env: { WS_PORT: '1' }, notes: [] });
    mkdirSync(join(folder.path, '.env'));
    expect(withDotEnv({}, folder.path).notes).toEqual([expect.stringContaining('cannot be read (EISDIR)')]);
  });

  it('is read by the service, which says so; what runs is shown to administrators without secrets', async () => {
    using folder = makeTempFolder();
    const secret = PRODUCTION.WS_JWT_SECRET;
    writeFileSync(join(folder.path, '.env'), `WS_JWT_SECRET="${secret}"\nWS_API_KEY=${PRODUCTION.WS_API_KEY}\n`);
    await using server = await ServerProcess.start({ cwd: folder.path, env: { WS_DEVELOPMENT: 'off' } });
    expect(server.stderr).toContain('.env are used where the environment says nothing');
    const headers = { authorization: `Bearer ${PRODUCTION.WS_API_KEY}` };
    const state = await (await fetch(`${server.url}/debug/state`, { headers })).text();
    expect(JSON.parse(state)).toMatchObject({
      settings: { WS_JWT_SECRET: '(set)', WS_API_KEY: '(set)', WS_LOG_URL: 'memory:', WS_MAX_LAG_MS: '60000' },
    });
    for (const hidden of [secret, PRODUCTION.WS_API_KEY]) expect(state).not.toContain(hidden);
  });
});

it('settings are shown with what is in force, passwords left out', () => {
  const env = {
    ...PRODUCTION,
    WS_LOG_URL: 'redis://user:hunter2@host:6379/1',
    WS_ALLOWED_ORIGINS: 'https://a.example',
  };
  const shown = Object.fromEntries(shownSettings(env).map((one) => [one.name, one]));
  expect(shown).toMatchObject({
    WS_JWT_SECRET: { value: '(set)', isDefault: false },
    WS_LOG_URL: { value: 'redis://…@host:6379/1', isDefault: false },
    WS_ALLOWED_ORIGINS: { value: 'https://a.example', isDefault: false },
    WS_PORT: { value: '8080', isDefault: true },
    WS_JWT_ISSUER: { value: 'any', isDefault: true },
  });
  expect(JSON.stringify(shown)).not.toContain('hunter2');
});
