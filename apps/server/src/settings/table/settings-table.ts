import type { ValuesOf } from '../setting.ts';
import { AGENT } from './agent.ts';
import { CREDENTIALS } from './credentials.ts';
import { EVENTS } from './events.ts';
import { LIMITS } from './limits.ts';
import { SERVING } from './serving.ts';

/** The settings in the order in which a reader wants to meet them, with what each group is about. */
export const GROUPS = {
  'Listening and pages': SERVING,
  Events: EVENTS,
  'An agent elsewhere': AGENT,
  Credentials: CREDENTIALS,
  'Limits and times': LIMITS,
} as const;

/** Every setting of the service, by the name of its variable. */
export const SETTINGS = { ...SERVING, ...EVENTS, ...AGENT, ...CREDENTIALS, ...LIMITS } as const;

export type SettingName = keyof typeof SETTINGS;

/** What the settings are, once they are read. */
export type SettingValues = ValuesOf<typeof SETTINGS>;
