/** A reason as a sentence of its own: in the protocol it is a phrase, which programs put behind other words. */
export function asSentence(reason: string): string {
  const [first = '', ...rest] = reason;
  return first.toLocaleUpperCase('en') + rest.join('') + (/[\p{L}\p{N})'"]$/u.test(reason) ? '.' : '');
}
