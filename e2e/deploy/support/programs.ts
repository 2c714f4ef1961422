import { findProgram, type Program } from '../../../packages/test-support/src/index.ts';

export type { Program };

function program(variable: string, ...names: readonly string[]): Program {
  const found = findProgram(variable, names);
  if (found.isSkipped)
    console.warn(`There is no ${names[0]}, so tests that need it are skipped: install it or set ${variable}.`);
  return found;
}

export const NGINX = program('NGINX_PATH', 'nginx');
export const CADDY = program('CADDY_PATH', 'caddy');
export const REDIS = program('REDIS_SERVER_PATH', 'redis-server', 'valkey-server');
export const NATS = program('NATS_SERVER_PATH', 'nats-server');
