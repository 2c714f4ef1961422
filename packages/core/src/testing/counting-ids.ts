import type { IdSource } from '../random.ts';

/** Ids that tests can foretell: `id-1`, `id-2`, … */
export function countingIds(prefix = 'id'): IdSource {
  let count = 0;
  return {
    next: () => {
      count += 1;
      return `${prefix}-${count}`;
    },
  };
}
