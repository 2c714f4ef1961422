/** A program that `scripts/test.mjs` finds or installs. */
export interface Program {
  /** Where it is, if it is there. */
  readonly path: string | undefined;
  /** Without it tests are skipped, but never where everything has to be tested. */
  readonly isSkipped: boolean;
}

function program(variable: string): Program {
  const path = process.env[variable] || undefined;
  const isSkipped = path === undefined && process.env['CI'] !== 'true';
  if (isSkipped) console.warn(`${variable} is not set, so tests that need it are skipped.`);
  return { path, isSkipped };
}

export const NGINX = program('NGINX_PATH');
export const CADDY = program('CADDY_PATH');
export const REDIS = program('REDIS_SERVER_PATH');
export const NATS = program('NATS_SERVER_PATH');
