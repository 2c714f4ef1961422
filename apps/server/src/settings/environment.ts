import { WebSocketError } from '@ws/types';
import * as v from 'valibot';
import type { Setting } from './setting.ts';
import { SETTINGS, type SettingName, type SettingValues } from './table/settings-table.ts';
import { isOfKubernetes } from './unknown-variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting of the table. An empty variable counts as not set.
 *
 * @throws `INVALID_OPTION`; the message names the variable and what it takes, and never repeats its text, which may be a secret
 */
export function readValues(env: Environment): SettingValues {
  const values = Object.entries<Setting>(SETTINGS).map(([name, setting]) => [name, valueOf(name, setting, env)]);
  // Each value is what the schema of its setting gives, or its fallback.
  return Object.fromEntries(values) as SettingValues;
}

/** Whether a variable is set. */
export function isSet(env: Environment, name: SettingName): boolean {
  return textOf(env, name) !== undefined;
}

function valueOf(name: string, { schema, fallback, takes }: Setting, env: Environment): unknown {
  const text = textOf(env, name);
  if (text === undefined) return fallback;
  const result = v.safeParse(schema, text);
  if (result.success) return result.output;
  throw new WebSocketError('INVALID_OPTION', `${name} must be ${takes}`);
}

function textOf(env: Environment, name: string): string | undefined {
  const text = env[name];
  return text === undefined || text === '' || isOfKubernetes(name, text) ? undefined : text;
}
