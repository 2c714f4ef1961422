import type { DatabaseSync } from 'node:sqlite';

/** The one number that a query gives. */
export function readNumber(db: DatabaseSync, sql: string): number {
  const [value] = Object.values(db.prepare(sql).get() ?? {});
  if (typeof value !== 'number') throw new TypeError(`'${sql}' gave no number`);
  return value;
}
