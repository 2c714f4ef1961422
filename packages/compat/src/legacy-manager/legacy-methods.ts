import type { LEGACY_METHODS } from '../table/legacy-methods.ts';
import { commitMethods } from './commit-methods.ts';
import { connectionMethods } from './connection-methods.ts';
import { emitMethods } from './emit-methods.ts';
import { inboundMethods } from './inbound-methods.ts';
import { recoveryMethods } from './recovery-methods.ts';
import { taskMethods } from './task-methods.ts';
import { threadMethods } from './thread-methods.ts';
import { viewMethods } from './view-methods.ts';

/** Every method of the old manager, in camelCase: those of the table, no more and no fewer. */
export const legacyMethods = {
  ...connectionMethods,
  ...threadMethods,
  ...emitMethods,
  ...viewMethods,
  ...recoveryMethods,
  ...commitMethods,
  ...inboundMethods,
  ...taskMethods,
} satisfies { readonly [Name in keyof typeof LEGACY_METHODS]: (...args: never[]) => unknown };

export type CamelCaseMethods = typeof legacyMethods;
