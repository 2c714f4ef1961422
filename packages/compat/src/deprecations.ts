import { EMITTER_METHODS } from './table/emitter-methods.ts';
import { EMITTER_NAMES } from './table/emitter-names.ts';
import { FACTORY_NAMES } from './table/factory-names.ts';
import { LEGACY_METHODS } from './table/legacy-methods.ts';
import type { LegacyRow, LegacyRows } from './table/legacy-row.ts';
import { MANAGER_NAMES } from './table/manager-names.ts';
import { MESSAGE_NAMES } from './table/message-names.ts';
import { PRIVATE_NAMES } from './table/private-names.ts';
import { REFUSED_NAMES } from './table/refused-names.ts';
import { REGISTRY_NAMES } from './table/registry-names.ts';
import { SERVICE_NAMES } from './table/service-names.ts';
import { TYPE_NAMES } from './table/type-names.ts';

export { MOVED_NAMES, type MovedName } from './table/canonical-names.ts';
export { LEGACY_MODULES, type LegacyModule } from './table/legacy-modules.ts';
export type { CallChange, CanonicalName, DeprecationCode, LegacyKind } from './table/legacy-row.ts';

/** One legacy name: what it is, what replaces it and when it goes. */
export interface Deprecation extends LegacyRow {
  readonly name: string;
  /** The version in which the name is removed. */
  readonly removal: string;
}

const REMOVAL = '2.0.0';

// The one table: exports, warnings, JSDoc, DEPRECATIONS.md, the scanner, the codemod and the lint rule are held to it. Codes from
// 001 are names, from 200 types, from 300 methods of the manager, from 400 methods of the emitter, from 500 private names.
const ROWS = {
  ...MANAGER_NAMES,
  ...FACTORY_NAMES,
  ...EMITTER_NAMES,
  ...REGISTRY_NAMES,
  ...MESSAGE_NAMES,
  ...SERVICE_NAMES,
  ...REFUSED_NAMES,
  ...TYPE_NAMES,
  ...LEGACY_METHODS,
  ...EMITTER_METHODS,
  ...PRIVATE_NAMES,
} as const satisfies LegacyRows;

/** A name of the table. */
export type LegacyName = keyof typeof ROWS;

const rows: LegacyRows = ROWS;

/** Every legacy name, by code. */
export const DEPRECATIONS: readonly Deprecation[] = Object.freeze(
  Object.entries(rows)
    .map(([name, row]): Deprecation => Object.freeze({ ...row, name, removal: REMOVAL }))
    .sort((a, b) => a.code.localeCompare(b.code)),
);

const byName: ReadonlyMap<string, Deprecation> = new Map(DEPRECATIONS.map((entry) => [entry.name, entry]));

/** The row of a legacy name. */
export function deprecationOf(name: LegacyName): Deprecation;
export function deprecationOf(name: string): Deprecation | undefined;
export function deprecationOf(name: string): Deprecation | undefined {
  return byName.get(name);
}
