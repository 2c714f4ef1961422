import { callSiteOf, type Callee } from './call-site.ts';
import { DEPRECATIONS, deprecationOf, type Deprecation, type LegacyName } from './deprecations.ts';
import { emitWarning } from './emit-warning.ts';
import { DeprecationError, deprecationMessage } from './migration-error.ts';
import { readWarningPolicy } from './warning-policy.ts';

/** How often a legacy name was used in this process. */
export interface DeprecationUsage extends Deprecation {
  readonly uses: number;
}

/** Takes each use of a legacy name; a counter of any metrics library fits. */
export type DeprecatedUseListener = (use: Deprecation) => void;

/** Call sites are as many as the program has; only code made at run time has no end of them. */
const MAX_CALL_SITES = 10_000;

// Whoever imports this module twice (by `import` and by `require`) gets one instance, so a use is still told once.
const uses = new Map<string, number>();
const warnedAt = new Set<string>();
const listeners = new Set<DeprecatedUseListener>();
let saidUnknownPolicy = false;

/**
 * Says that a legacy function was called, in the way that `WS_COMPAT_WARNINGS` asks for: `off`, `once` for each code and call
 * site (the default), `all`, or `error`, which throws.
 *
 * @param callee - the function that was called: the warning is about its caller
 * @param spelled - how it was called, if not by the name of the table
 */
export function noteUse(name: LegacyName, callee: Callee, spelled: string = name): void {
  const entry = countUse(name);
  const policy = readWarningPolicy(sayOnce);
  if (policy === 'off') return;
  const message = deprecationMessage(entry, spelled);
  if (policy === 'error') throw new DeprecationError(message, entry.code);
  if (policy === 'once' && !isNewSite(`${entry.code} ${callSiteOf(callee)}`)) return;
  emitWarning(message, entry.code, callee);
}

/** Counts a use that is told in another way, by an error. */
export function countUse(name: LegacyName): Deprecation {
  const entry = deprecationOf(name);
  uses.set(entry.code, (uses.get(entry.code) ?? 0) + 1);
  for (const listener of listeners) listener(entry);
  return entry;
}

/**
 * The legacy functions and methods that were used in this process, and how often: what is left to migrate. Class aliases are not
 * among them, because the use of a class can't be noticed without making it another class.
 *
 * @example
 * ```ts
 * process.once('exit', () => console.table(getDeprecationUsage()));
 * ```
 */
export function getDeprecationUsage(): readonly DeprecationUsage[] {
  return DEPRECATIONS.flatMap((entry) => {
    const count = uses.get(entry.code);
    return count === undefined ? [] : [{ ...entry, uses: count }];
  });
}

/**
 * Calls `listener` at each use of a legacy name, whatever `WS_COMPAT_WARNINGS` says, until the returned function is called.
 *
 * @example
 * ```ts
 * onDeprecatedUse(({ code }) => legacyUses.inc({ code }));
 * ```
 */
export function onDeprecatedUse(listener: DeprecatedUseListener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function isNewSite(site: string): boolean {
  if (warnedAt.has(site) || warnedAt.size >= MAX_CALL_SITES) return false;
  warnedAt.add(site);
  return true;
}

function sayOnce(message: string): void {
  if (saidUnknownPolicy) return;
  saidUnknownPolicy = true;
  emitWarning(message);
}
