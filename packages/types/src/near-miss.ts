/** Typing errors up to which a name is taken for another one. */
const MAX_TYPING_ERRORS = 2;

/**
 * The name that was probably meant: the first of `names` that is at most two typing errors away, whatever the case.
 *
 * @example
 * ```ts
 * nearestName('agent_stared', ['agent_started']); // 'agent_started'
 * ```
 */
export function nearestName<Name extends string>(given: string, names: readonly Name[]): Name | undefined {
  const spelled = given.toLowerCase();
  return names.find((name) => editDistance(spelled, name.toLowerCase()) <= MAX_TYPING_ERRORS);
}

/** Levenshtein distance, cut off above {@link MAX_TYPING_ERRORS}. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_TYPING_ERRORS) return MAX_TYPING_ERRORS + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
