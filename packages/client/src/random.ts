/** A source of numbers in [0, 1), as `Math.random` is one. */
export type Random = () => number;

/** The machine's secure source: message ids are made from it. `crypto.randomUUID` is not there on plain-HTTP pages, this is. */
export const systemRandom: Random = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;

/** A new id of 24 characters from `random`. */
export function createId(random: Random): string {
  const part = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return part() + part() + part();
}
