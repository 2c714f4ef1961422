import type { LegacyModule } from './legacy-modules.ts';

/** Permanent: a code is never given to another name. */
export type DeprecationCode = `WSDEP${number}`;

/**
 * What a legacy name is. A `class` that is the canonical one can't warn when it is used: a wrapper that could would no longer be
 * the same class. Neither can a `value` or a `type`. A `refused` name exists to throw an error that says what to use.
 */
export type LegacyKind = 'class' | 'function' | 'value' | 'type' | 'refused' | 'method' | 'private';

/** Where the canonical form of a name is imported from. */
export interface CanonicalName {
  readonly name: string;
  readonly from: '@ws/core' | '@ws/types' | '@ws/core/testing';
}

/** What the canonical form of a legacy call needs beyond another name. */
export type CallChange =
  /** Nothing: the arguments stay as they are. */
  | 'same'
  /** The legacy name returned a promise, the canonical one does not. */
  | 'drop-await';

/** One row of the table, without what its place says: name and version of removal. */
export interface LegacyRow {
  readonly code: DeprecationCode;
  readonly kind: LegacyKind;
  readonly modules: readonly LegacyModule[];
  /** What to use instead, as it stands in warnings, JSDoc and pages. */
  readonly replacement: string;
  /** Where a rename is all that is needed: what the codemod and the lint rule rewrite to. */
  readonly canonical?: CanonicalName;
  readonly call?: CallChange;
  /** What the name meant, where the replacement alone would puzzle. */
  readonly note?: string;
}

/** Rows by name. */
export type LegacyRows = Readonly<Record<string, LegacyRow>>;
