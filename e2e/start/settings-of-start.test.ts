import { expect, it } from 'vitest';
import { readSettings } from '../../apps/server/src/settings/index.ts';
import { settingsOfStart } from '../../scripts/settings-of-start.ts';

const SECRET = '0123456789abcdef0123456789abcdef';

/** What makes a service one that others rely on, each by itself. */
const OF_PRODUCTION: readonly (readonly [name: string, value: string])[] = [
  ['NODE_ENV', 'production'],
  ['WS_HOST', '0.0.0.0'],
  ['WS_JWT_SECRET', SECRET],
  ['WS_JWT_SECRET_FILE', '/secrets'],
  ['WS_JWKS_URL', 'https://id.example.com/jwks'],
  ['WS_API_KEY', SECRET],
  ['WS_API_KEYS_FILE', '/keys.json'],
  ['WS_TLS_CERT', '/cert.pem'],
  ['WS_TLS_KEY', '/key.pem'],
  ['WS_TRUSTED_PROXIES', 'loopback'],
];

it('pnpm start asks for development mode', () => {
  expect(settingsOfStart({})).toEqual({ WS_DEVELOPMENT: 'on' });
  expect(settingsOfStart({ WS_HOST: '127.0.0.2', WS_API_KEY: '', NODE_ENV: 'test' })).toEqual(settingsOfStart({}));
  expect(readSettings(settingsOfStart({}))).toMatchObject({ development: true });
});

it.each(OF_PRODUCTION)('pnpm start asks for nothing where %s=%s is set', (name, value) => {
  expect(settingsOfStart({ [name]: value })).toEqual({});
});

it('pnpm start changes nothing that was said', () => {
  expect(settingsOfStart({ WS_DEVELOPMENT: 'off' })).toEqual({});
  const both = { WS_DEVELOPMENT: 'on', WS_API_KEY: SECRET };
  expect(settingsOfStart(both)).toEqual({});
  expect(() => readSettings({ ...both, ...settingsOfStart(both) })).toThrow(/cannot be combined with WS_API_KEY/);
});
