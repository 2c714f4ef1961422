const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A random id of so many letters. Works on pages without TLS too, where `crypto.randomUUID` is missing. */
export function randomId(length: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
