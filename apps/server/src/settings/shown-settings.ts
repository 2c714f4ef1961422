import { readValues, isSet, type Environment } from './environment.ts';
import type { Setting } from './setting.ts';
import { SETTINGS, type SettingName } from './table/settings-table.ts';

/** A setting as it is shown to operators. */
export interface ShownSetting {
  readonly name: SettingName;
  /** As it would be written; a secret is `(set)`. Absent: not set, and nothing stands for it. */
  readonly value?: string;
  /** Whether the value is the default. */
  readonly isDefault: boolean;
}

/** What an address may hold before its host, and parameters behind it, are never shown. */
const USER_INFO = /(:\/\/)[^@/]*@/g;

/** The effective values of all settings, secrets hidden. Throws `INVALID_OPTION`. */
export function shownSettings(env: Environment): readonly ShownSetting[] {
  const values: Readonly<Record<string, unknown>> = readValues(env);
  return Object.entries<Setting>(SETTINGS).map(([key, { isSecret, otherwise }]) => {
    // A key of the table.
    const name = key as SettingName;
    const isDefault = !isSet(env, name);
    const value = isSecret === true && !isDefault ? '(set)' : textOf(values[name]);
    const shown = value ?? (isDefault ? otherwise?.replaceAll('`', '') : undefined);
    return { name, isDefault, ...(shown === undefined ? {} : { value: shown }) };
  });
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
  // What schemas of the table give: texts, numbers, addresses, and lists of texts.
  const known = value as string | number | URL | readonly string[];
  if (known instanceof URL) return `${known.origin}${known.pathname}`;
  return known.toString().replace(USER_INFO, '$1…@');
}
