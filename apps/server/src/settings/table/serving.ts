import { LOG_LEVELS } from '@ws/server/process';
import { choice, parsed, text, whole } from '../setting.ts';
import { addressRangesSchema, hostSchema, originsSchema, wholeNumber } from '../text-schemas.ts';

const ON_OFF = ['on', 'off'] as const;

/** Where the service listens, who may reach it, and what it serves. */
export const SERVING = {
  WS_DEVELOPMENT: choice(ON_OFF, {
    meaning:
      'whether `/dev/token` gives tokens for any user and `dev-key` is an API key; for this machine alone, and never beside a setting of production',
    fallback: 'off',
    otherwise: '`off`; `pnpm start` sets `on` where nothing of production is set',
  }),
  WS_DEVELOPMENT_SECRET_FILE: text('a path', {
    meaning: 'file with the secret that processes of one development set-up share; made where it is missing',
    otherwise: '`development-secret` beside the SQLite log, else one for each process',
  }),
  WS_HOST: parsed(hostSchema, 'an IP address or a host name', {
    meaning: 'address to listen on',
    fallback: '127.0.0.1',
  }),
  WS_PORT: parsed(wholeNumber(0, 65_535), 'a port number from 0 to 65535', {
    meaning: 'port to listen on, `0` for a free one',
    fallback: 8_080,
  }),
  WS_WORKERS: whole({
    max: 256,
    meaning: 'processes that share the port and the log, one a core at most; not with `memory:`',
    fallback: 1,
  }),
  WS_TLS_CERT: text('a path', {
    meaning:
      'file in PEM with the certificate to speak TLS with, together with `WS_TLS_KEY`; read again when it changes; without it HTTP is plain, for a proxy before it',
  }),
  WS_TLS_KEY: text('a path', { meaning: 'file in PEM with the key of the certificate' }),
  WS_TRUSTED_PROXIES: parsed(addressRangesSchema, 'addresses or ranges like 10.0.0.0/8, separated by commas', {
    meaning:
      'proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: addresses, ranges, `loopback`, `linklocal` or `uniquelocal`, separated by commas',
    fallback: [],
    otherwise: 'none',
  }),
  WS_ALLOWED_ORIGINS: parsed(
    originsSchema,
    'origins like https://app.example.com or https://*.example.com, separated by commas',
    {
      meaning:
        "origins of pages that may connect besides the server's own, separated by commas; `https://*.example.com` takes any one label for the star; `*` in development mode only",
      fallback: [],
      otherwise: 'none',
    },
  ),
  WS_INSPECTOR: choice(ON_OFF, { meaning: 'whether the inspector is served at `/inspector/`', fallback: 'on' }),
  WS_PAGE_FOLDER: text('a path', {
    meaning: 'folder of a built page that is served at `/`',
    otherwise: 'no page; `pnpm start` serves the demo',
  }),
  WS_INSPECTOR_FOLDER: text('a path', { meaning: 'folder of the built inspector', otherwise: 'the built one' }),
  WS_LOG_LEVEL: choice(LOG_LEVELS, { meaning: 'what is written to standard error', fallback: 'warn' }),
  WS_DRAIN_MS: whole({
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    meaning: 'time that clients have to go elsewhere, and runs to end, when the service is stopped',
    fallback: 10_000,
  }),
  NODE_ENV: text('any text', {
    meaning: '`production` refuses development mode, and keys of `WS_JWKS_URL` over plain HTTP also from this machine',
  }),
} as const;
