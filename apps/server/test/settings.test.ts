import { isWebSocketError } from '@ws/types';
import { describe, expect, it } from 'vitest';
import { DEVELOPMENT_API_KEY } from '@ws/server/process';
import { openLog } from '../src/open-log.ts';
import { readSettings, shownSettings, unknownVariables } from '../src/settings/index.ts';

type Environment = Readonly<Record<string, string>>;

/** What a person reads who starts the service with these settings; `undefined` if they are taken. */
function complaint(env: Environment): string | undefined {
  try {
    readSettings(env);
  } catch (error) {
    if (isWebSocketError(error) && error.code === 'INVALID_OPTION') return error.message;
    throw error;
  }
  return undefined;
}

const GOOD_SECRET = '0123456789abcdef0123456789abcdef';
const GOOD_KEY = 'k-fedcba9876543210fedcba9876543210';
const DEVELOPMENT = { WS_DEVELOPMENT: 'on' };
const PRODUCTION = { NODE_ENV: 'production', WS_JWT_SECRET: GOOD_SECRET, WS_API_KEY: GOOD_KEY };
const PLAIN_JWKS = { WS_JWT_SECRET: '', WS_JWKS_URL: 'http://id.example.com/jwks' };

/** What development mode is refused beside, each by itself. */
const UNFIT_FOR_DEVELOPMENT: readonly (readonly [name: string, value: string])[] = [
  ['NODE_ENV', 'production'],
  ['WS_HOST', '0.0.0.0'],
  ['WS_HOST', '::'],
  ['WS_HOST', '10.0.0.1'],
  // A name, not an address: where it points to is not known.
  ['WS_HOST', '127.example.com'],
  ['WS_JWT_SECRET', GOOD_SECRET],
  ['WS_JWT_SECRET_FILE', '/s'],
  ['WS_JWKS_URL', 'https://id.example.com/jwks'],
  ['WS_API_KEY', GOOD_KEY],
  ['WS_API_KEYS_FILE', '/keys.json'],
  ['WS_TLS_CERT', '/cert.pem'],
  ['WS_TLS_KEY', '/key.pem'],
  ['WS_TRUSTED_PROXIES', 'loopback'],
];

const WRONG: Readonly<Record<string, readonly string[]>> = {
  WS_HOST: ['a b', 'http://localhost', '127.0.0.1:80', '-x', 'x'.repeat(300)],
  WS_PORT: ['-1', '65536', '80a', '1.5', ' 80', '0x50', '1e3', '99999999999'],
  WS_WORKERS: ['0', '257', '1.5', 'two', 'auto'],
  WS_LOG_NEW_EPOCH: ['two words', 'ä', 'x'.repeat(65), 'a/b'],
  WS_LOG_URL: [
    'memory',
    'sqlite',
    'sqlite:',
    'sqlite:?synchronous=normal',
    'postgres://x',
    './events.db',
    'redis',
    'redis:localhost',
    'redis://',
    'nats',
    'nats:localhost',
    'nats://',
  ],
  WS_AGENT_URL: ['agent.example.com', 'ftp://agent.example.com', 'unix:/agent.sock'],
  WS_AGENT_INBOX: ['true', 'yes'],
  WS_AGENT_HORIZON_MS: ['0', '999', '15m'],
  WS_JWKS_URL: ['example.com/jwks', 'ftp://example.com', 'file:///etc/passwd', '/jwks'],
  WS_JWT_ISSUER: ['a,,b', ',', 'two words'],
  WS_JWT_AUDIENCE: ['a,'],
  WS_JWT_ALGORITHMS: ['none', 'HS256,none', 'RS256', 'hs256'],
  WS_JWT_CLOCK_TOLERANCE_MS: ['-1', '300001', '5s'],
  WS_TRUSTED_PROXIES: ['all', '10.0.0.0/33', '0.0.0.0/0', '::/0', '10.0.0.0/8,', '10.0.0.0/8/8', 'proxy.example.com'],
  WS_TICKET_CONNECTION_MS: ['0', '999', 'never'],
  WS_API_KEY: ['two words', 'schlüssel', 'tab\tkey'],
  WS_ALLOWED_ORIGINS: [
    'app.example.com',
    'https://a.com/',
    'https://a.com/x',
    'https://a.com,',
    'https://a.com b',
    '**',
  ],
  WS_DEVELOPMENT: ['true', '1', 'ON'],
  WS_LOG_LEVEL: ['verbose', 'INFO', '3'],
  WS_HEARTBEAT_MS: ['0', '-5', 'soon', '2147483648', '25s'],
  WS_RUN_LEASE_MS: ['0', 'never'],
  WS_PUBLISHER_LEASE_MS: ['0', 'never'],
  WS_COALESCE_MS: ['-1', '101', 'off'],
  WS_MAX_CONNECTIONS_PER_USER: ['0', 'all'],
  WS_MAX_CONNECTIONS: ['0'],
  WS_MAX_CONNECTIONS_PER_ADDRESS: ['0', 'none'],
  WS_MAX_UNAUTHENTICATED: ['0'],
  WS_HELLO_TIMEOUT_MS: ['0'],
  WS_MAX_LAG_MS: ['0'],
  WS_MAX_FRAMES_PER_SECOND: ['0', '1.5'],
  WS_MAX_BYTES_PER_SECOND: ['0', '1k'],
  WS_MAX_FRAMES_PER_SECOND_PER_USER: ['0'],
  WS_MAX_BYTES_PER_SECOND_PER_USER: ['0'],
  WS_MAX_MESSAGE_BYTES: ['1023'],
  WS_MAX_JSON_DEPTH: ['7'],
  WS_MAX_OPEN_RUNS_PER_USER: ['0'],
  WS_MAX_PUBLISH_PER_SECOND: ['0'],
  WS_MAX_HISTORY_BYTES_PER_SECOND_PER_USER: ['65535'],
  WS_MAX_HISTORY_BYTES_PER_SECOND_PER_KEY: ['65535'],
  WS_MAX_APPROVAL_ARGS_BYTES: ['1023'],
  WS_MAX_PUBLISH_BYTES_PER_SECOND: ['65535'],
  WS_MAX_HISTORY_PAGES_PER_USER: ['0'],
  WS_MAX_BODY_BYTES: ['1023'],
  WS_REQUEST_TIMEOUT_MS: ['99'],
};

describe('a wrong value is refused with a sentence that names its variable', () => {
  const cases = Object.entries(WRONG).flatMap(([name, values]) => values.map((value) => ({ name, value })));
  it.each(cases)('$name=$value', ({ name, value }) => {
    expect(complaint({ [name]: value })).toMatch(new RegExp(`^${name}( must be |: )`));
  });

  it('a secret is not repeated in it', () => {
    expect(complaint({ WS_API_KEY: 'my secret key' })).not.toContain('secret key');
    expect(complaint({ ...PRODUCTION, WS_JWT_SECRET: 'hunter2' })).not.toContain('hunter2');
    expect(complaint({ ...PRODUCTION, WS_API_KEY: 'hunter2' })).not.toContain('hunter2');
    expect(complaint({ WS_LOG_URL: 'redis://user:hunter2@:x' })).not.toContain('hunter2');
  });
});

describe('what production needs', () => {
  it.each([
    ['no secret', { ...PRODUCTION, WS_JWT_SECRET: '' }, /^WS_JWT_SECRET \(or .* must be set with NODE_ENV=production$/],
    ['a short secret', { ...PRODUCTION, WS_JWT_SECRET: 'short' }, /WS_JWT_SECRET must have at least 32/],
    ['no API key', { ...PRODUCTION, WS_API_KEY: '' }, /^WS_API_KEY \(or WS_API_KEYS_FILE\) must be set/],
    ['the development key', { ...PRODUCTION, WS_API_KEY: DEVELOPMENT_API_KEY }, /WS_API_KEY must not be/],
    ['a secret of few characters', { ...PRODUCTION, WS_JWT_SECRET: 'ab'.repeat(20) }, /WS_JWT_SECRET .* 2 different/],
    ['a short API key', { ...PRODUCTION, WS_API_KEY: 'k1' }, /WS_API_KEY must have at least 32 .* only 2 characters/],
    [
      'an API key a character too short',
      { ...PRODUCTION, WS_API_KEY: GOOD_SECRET.slice(1) },
      /WS_API_KEY must have at least 32/,
    ],
    [
      'an API key of few characters',
      { ...PRODUCTION, WS_API_KEY: 'x'.repeat(64) },
      /WS_API_KEY .* one character again and again/,
    ],
    [
      'the placeholder of an example',
      { ...PRODUCTION, WS_API_KEY: 'change-me-to-at-least-32-random-characters' },
      /WS_API_KEY .* placeholder/,
    ],
    [
      'a weak API key where others reach it',
      { WS_HOST: '::', WS_JWT_SECRET: GOOD_SECRET, WS_API_KEY: 'k' },
      /WS_API_KEY/,
    ],
    ['keys fetched without TLS', { ...PRODUCTION, ...PLAIN_JWKS }, /WS_JWKS_URL must begin with https:\/\//],
    [
      'keys fetched without TLS, from this machine',
      { ...PRODUCTION, ...PLAIN_JWKS, WS_JWKS_URL: 'http://127.0.0.1/jwks' },
      /WS_JWKS_URL must begin with https:/,
    ],
    [
      'keys fetched without TLS where others reach it',
      { WS_HOST: '0.0.0.0', WS_API_KEY: GOOD_KEY, ...PLAIN_JWKS },
      /WS_JWKS_URL must begin with https:/,
    ],
    ['any origin', { ...PRODUCTION, WS_ALLOWED_ORIGINS: '*' }, /WS_ALLOWED_ORIGINS must not be \*/],
    ['an address others reach', { WS_HOST: '0.0.0.0' }, /WS_JWT_SECRET .* must be set on 0\.0\.0\.0, which others can/],
    ['all IPv6 addresses', { WS_HOST: '::' }, /WS_JWT_SECRET .* must be set on ::/],
    ['nothing, on a loopback address', {}, /^WS_JWT_SECRET .* WS_API_KEY .*; to try it .* set WS_DEVELOPMENT=on$/],
    [
      'a short secret on a loopback address',
      { WS_JWT_SECRET: 'short', WS_API_KEY: GOOD_KEY },
      /WS_JWT_SECRET .* outside of/,
    ],
    [
      'any origin on a loopback address',
      { ...PRODUCTION, NODE_ENV: '', WS_ALLOWED_ORIGINS: '*' },
      /WS_ALLOWED_ORIGINS/,
    ],
    [
      'a secret beside a file of them',
      { ...PRODUCTION, WS_JWT_SECRET_FILE: '/s' },
      /WS_JWT_SECRET and WS_JWT_SECRET_FILE/,
    ],
    ['an algorithm of the other kind of keys', { WS_JWKS_URL: 'https://a.com/j', WS_JWT_ALGORITHMS: 'HS256' }, /RS256/],
    ['both kinds of keys', { ...PRODUCTION, WS_JWKS_URL: 'https://a.com/jwks' }, /both set/],
  ])('%s → refused', (_name, env: Environment, sentence) => {
    expect(complaint(env)).toMatch(sentence);
  });

  it('is taken when complete, and is no development', () => {
    expect(readSettings(PRODUCTION)).toMatchObject({ development: false, apiKey: GOOD_KEY });
    expect(readSettings({ ...PRODUCTION, WS_JWT_SECRET: '', WS_JWKS_URL: 'https://a.com/jwks' }).jwt).toMatchObject({
      keys: { jwksUrl: new URL('https://a.com/jwks') },
    });
  });
});

describe('an agent elsewhere', () => {
  const URL_SET = { ...DEVELOPMENT, WS_AGENT_URL: 'https://agent.example.com/calls?key=in-the-address' };
  const SECRETS = {
    good: 'whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXMgbG9uZyE=',
    other: 'YW5vdGhlciBzZWNyZXQgZm9yIHRlc3RzLCBhcyBsb25nLg==',
  };

  it('is called, or fetches, or is none', () => {
    expect(readSettings(DEVELOPMENT).agent.elsewhere).toBeUndefined();
    expect(readSettings({ ...DEVELOPMENT, WS_AGENT_INBOX: 'on' }).agent.elsewhere).toBeDefined();
    for (const secret of [SECRETS.good, `${SECRETS.good}, ${SECRETS.other}`]) {
      expect(readSettings({ ...URL_SET, WS_AGENT_SECRET: secret }).agent.elsewhere).toBeDefined();
    }
  });

  it.each([
    ['an address without a secret', URL_SET, /^WS_AGENT_SECRET must be set beside WS_AGENT_URL/],
    [
      'a secret without an address',
      { ...DEVELOPMENT, WS_AGENT_SECRET: SECRETS.good },
      /^WS_AGENT_SECRET is set without/,
    ],
    [
      'both ways',
      { ...URL_SET, WS_AGENT_SECRET: SECRETS.good, WS_AGENT_INBOX: 'on' },
      /^WS_AGENT_URL and WS_AGENT_INBOX/,
    ],
    ['a secret that is none', { ...URL_SET, WS_AGENT_SECRET: 'hunter2' }, /^WS_AGENT_SECRET must be whsec_/],
    [
      'a second secret that is none',
      { ...URL_SET, WS_AGENT_SECRET: `${SECRETS.good},hunter2` },
      /^WS_AGENT_SECRET\[1\] must be whsec_/,
    ],
    [
      'a password in the address',
      { ...DEVELOPMENT, WS_AGENT_URL: 'https://a:hunter2@b.example', WS_AGENT_SECRET: SECRETS.good },
      /^WS_AGENT_URL must hold no user/,
    ],
  ])('%s → refused', (_name, env: Environment, sentence) => {
    const message = complaint(env);
    expect(message).toMatch(sentence);
    expect(message).not.toContain('hunter2');
  });

  it('is shown without its secret, and without what its address may hide', () => {
    const shown = shownSettings({ ...URL_SET, WS_AGENT_SECRET: SECRETS.good });
    const valueOf = (wanted: string) => shown.find(({ name }) => name === wanted)?.value;
    expect(valueOf('WS_AGENT_URL')).toBe('https://agent.example.com/calls');
    expect(valueOf('WS_AGENT_SECRET')).toBe('(set)');
  });
});

describe('development mode is chosen', () => {
  it('by WS_DEVELOPMENT alone: no address, and no forgotten NODE_ENV, brings it', () => {
    expect(readSettings({ ...PRODUCTION, NODE_ENV: '' })).toMatchObject({ development: false, apiKey: GOOD_KEY });
    expect(readSettings(DEVELOPMENT)).toMatchObject({ development: true, apiKey: DEVELOPMENT_API_KEY });
  });

  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('on %s', (WS_HOST) => {
    expect(readSettings({ ...DEVELOPMENT, WS_HOST }).development).toBe(true);
  });

  it.each(UNFIT_FOR_DEVELOPMENT)('%s=%s beside it → refused with one sentence', (name, value) => {
    const sentence = complaint({ ...DEVELOPMENT, [name]: value });
    expect(sentence).toMatch(
      new RegExp(`^WS_DEVELOPMENT=on .* cannot be combined with ${name}.*: unset WS_DEVELOPMENT, or`),
    );
    expect(sentence).not.toContain(GOOD_KEY);
  });

  it('names all that is in its way', () => {
    const sentence = complaint({ ...DEVELOPMENT, ...PRODUCTION, WS_HOST: '0.0.0.0' });
    expect(sentence).toContain(
      'NODE_ENV=production or WS_HOST=0.0.0.0, which others can reach or WS_JWT_SECRET or WS_API_KEY:',
    );
  });

  it('a development secret outside of it is refused: it would check nothing', () => {
    const sentence = complaint({ ...PRODUCTION, WS_DEVELOPMENT_SECRET_FILE: '/s' });
    expect(sentence).toBe('WS_DEVELOPMENT_SECRET_FILE is used with WS_DEVELOPMENT=on only');
  });
});

describe('what production does not need', () => {
  it.each(['http://127.0.0.1:9/jwks', 'http://localhost/jwks', 'http://[::1]/jwks'])(
    'TLS for %s, where NODE_ENV is not production',
    (WS_JWKS_URL) => {
      expect(complaint({ WS_HOST: '0.0.0.0', WS_API_KEY: GOOD_KEY, WS_JWKS_URL })).toBeUndefined();
    },
  );

  it('an API key in clear, where a file has their digests', () => {
    expect(complaint({ ...PRODUCTION, WS_API_KEY: '', WS_API_KEYS_FILE: '/keys.json' })).toBeUndefined();
  });

  it('keys for tokens, where the service has an authentication of its own', () => {
    const env = { NODE_ENV: 'production', WS_API_KEY: GOOD_KEY };
    expect(readSettings(env, { ownAuthentication: true }).jwt.keys).toBeUndefined();
  });
});

describe('a variable that nothing reads', () => {
  it('is told, with the setting that was probably meant', () => {
    const env = { WS_HEARTBEATS_MS: '5', WS_DRAIN: '5', WS_RETENTION: '5', WS_COLOUR_OF_SKY: 'blue' };
    expect(unknownVariables({ ...env, PATH: '/bin', WS_PORT: '80' })).toEqual([
      'WS_HEARTBEATS_MS is not a setting: did you mean WS_HEARTBEAT_MS?',
      'WS_DRAIN is not a setting: did you mean WS_DRAIN_MS?',
      'WS_RETENTION is not a setting: it has no effect',
      'WS_COLOUR_OF_SKY is not a setting: it has no effect',
    ]);
  });

  it('is none of those that Kubernetes sets for a Service called ws, which change nothing', () => {
    const injected = {
      WS_SERVICE_HOST: '10.0.0.7',
      WS_SERVICE_PORT: '8080',
      WS_SERVICE_PORT_HTTP: '8080',
      WS_PORT: 'tcp://10.0.0.7:8080',
      WS_PORT_8080_TCP: 'tcp://10.0.0.7:8080',
      WS_PORT_8080_TCP_PROTO: 'tcp',
      WS_PORT_8080_TCP_PORT: '8080',
      WS_PORT_8080_TCP_ADDR: '10.0.0.7',
    };
    expect(unknownVariables(injected)).toEqual([]);
    expect(readSettings({ ...DEVELOPMENT, ...injected }).port).toBe(8080);
  });
});

describe('defaults', () => {
  it('nothing set but development mode', () => {
    expect(readSettings(DEVELOPMENT)).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      log: { kind: 'sqlite', path: './data/events.db' },
      apiKey: DEVELOPMENT_API_KEY,
      development: true,
      developmentSecretFile: undefined,
      allowedOrigins: [],
      jwt: { keys: undefined, algorithms: ['HS256'], clockToleranceMs: 5_000 },
      apiKeysFile: undefined,
      trustedProxies: [],
    });
  });

  it.each(['redis://localhost', 'rediss://user:password@host:6380/1'])('the log may be in a Redis: %s', (url) => {
    expect(readSettings({ ...DEVELOPMENT, WS_LOG_URL: url }).log).toEqual({ kind: 'redis', url });
  });

  it.each(['nats://localhost', 'tls://user:password@a:4222,b:4222?replicas=3'])('the log may be in NATS: %s', (url) => {
    expect(readSettings({ ...DEVELOPMENT, WS_LOG_URL: url }).log).toEqual({ kind: 'nats', url });
  });

  it('parameters of the URL of a SQLite log are its options', () => {
    const log = (url: string) => readSettings({ ...DEVELOPMENT, WS_LOG_URL: url }).log;
    expect(log('sqlite:x.db?synchronous=normal')).toEqual({ kind: 'sqlite', path: 'x.db', synchronous: 'normal' });
    expect(log('sqlite:x%3Fy.db')).toEqual({ kind: 'sqlite', path: 'x?y.db' });
    const mistyped = 'WS_LOG_URL: there is no parameter .synchronus. .* did you mean synchronous?';
    expect(() => log('sqlite:x.db?synchronus=normal')).toThrow(new RegExp(mistyped));
  });

  it.each([
    ['redis://u:secret@h?keyPrefix=a', 'did you mean key_prefix?'],
    ['nats://u:secret@h?replica=3', 'did you mean replicas?'],
    ['sqlite:a.db?mode=ro', 'there are synchronous'],
  ])('a parameter that a log does not know is refused with the variable: %s', async (url, hint) => {
    const open = async () => openLog(readSettings({ ...DEVELOPMENT, WS_LOG_URL: url }).log);
    await expect(open()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(open()).rejects.toThrow(hint);
    await expect(open()).rejects.toThrow('WS_LOG_URL: ');
    await expect(open()).rejects.not.toThrow('secret');
  });

  it('a log that was restored may be given the name of a new epoch', () => {
    const newEpoch = '2026-11-30';
    const logs = ['sqlite:a.db', 'redis://localhost', 'nats://localhost', 'memory:'].map(
      (url) => readSettings({ ...DEVELOPMENT, WS_LOG_URL: url, WS_LOG_NEW_EPOCH: newEpoch }).log,
    );
    expect(logs.map((log) => 'newEpoch' in log && log.newEpoch)).toEqual([newEpoch, newEpoch, newEpoch, false]);
  });

  it('an empty variable counts as not set', () => {
    const empty = Object.fromEntries(Object.keys(WRONG).map((name) => [name, '']));
    expect(readSettings({ ...empty, ...DEVELOPMENT })).toEqual(readSettings(DEVELOPMENT));
  });
});
