import type { SkipReason } from './skip-rules.ts';

const EXAMPLES_KEPT = 8;

/** What was left out, for the result of a tool. */
export type SkipReport = {
  readonly [reason: string]: { readonly count: number; readonly examples: readonly string[] };
};

/** Counts what was left out and why, so that no result looks complete that is not. */
export class SkipLog {
  readonly #byReason = new Map<SkipReason, { count: number; examples: string[] }>();
  #incomplete = false;

  /** Of folders, one of each name is kept as an example: there are many `node_modules` and each is the same news. */
  add(reason: SkipReason, path: string): void {
    const entry = this.#byReason.get(reason) ?? { count: 0, examples: [] };
    entry.count += 1;
    // The names of secrets are nobody's business.
    const known = reason === 'skipped folder' && entry.examples.some((other) => lastName(other) === lastName(path));
    if (reason !== 'secret' && !known && entry.examples.length < EXAMPLES_KEPT) entry.examples.push(path);
    this.#byReason.set(reason, entry);
    if (reason === 'over the limit of one search') this.#incomplete = true;
  }

  /** Whether a bound ended the work before all of it was done. */
  get incomplete(): boolean {
    return this.#incomplete;
  }

  report(): SkipReport {
    return Object.fromEntries(this.#byReason);
  }
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
