import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { announcement } from '../src/announcement.ts';
import { readSettings } from '../src/settings/index.ts';
import { PRODUCTION } from './support/tokens.ts';

const URL = 'http://127.0.0.1:8080';

it('the service prints where everything is, the public key of development mode too', () => {
  const settings = readSettings({ WS_DEVELOPMENT: 'on' });
  expect(announcement(URL, settings, { pid: 4711, hasPage: true }).split('\n')).toEqual([
    'listening on http://127.0.0.1:8080',
    '  page           http://127.0.0.1:8080/',
    '  documentation  http://127.0.0.1:8080/docs',
    '  inspector      http://127.0.0.1:8080/inspector/',
    `  events         ${resolve('data/events.db')}`,
    '  API key        dev-key (development mode)',
    '  process        4711',
  ]);
});

it('what is not served is not named', () => {
  const settings = readSettings({ ...PRODUCTION, WS_INSPECTOR: 'off', WS_LOG_URL: 'memory:' });
  expect(announcement(URL, settings, { pid: 1, hasPage: false })).not.toMatch(/page|inspector/);
});

it.each(['redis://:pass-word@db.example.com:6379', 'nats://ws:pass-word@db.example.com?token=pass-word'])(
  'keys and passwords of production are not repeated: %s',
  (log) => {
    const settings = readSettings({ ...PRODUCTION, WS_API_KEYS_FILE: '/keys.json', WS_LOG_URL: log });
    const said = announcement(URL, settings, { pid: 1, hasPage: false });
    expect(said).toContain('the one in WS_API_KEY, and those of /keys.json');
    for (const secret of [PRODUCTION.WS_API_KEY, PRODUCTION.WS_JWT_SECRET, 'pass-word']) {
      expect(said).not.toContain(secret);
    }
  },
);
