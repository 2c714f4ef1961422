/** Shortest secret that cannot be tried out, in characters. */
export const MIN_SECRET_LENGTH = 32;

/** Fewer different characters than a random text of 32 has: of hexadecimal digits, one in thirty million has so few. */
const MIN_DIFFERENT = 8;

/** What the files of this project hold where a secret has to be put. */
const PLACEHOLDER = /change-me/i;

/** Why a secret can be guessed, to follow "it" or "this one"; `undefined` if it cannot. The secret is judged, never repeated. */
export function weaknessOf(secret: string): string | undefined {
  if (secret.length < MIN_SECRET_LENGTH) return `has only ${secret.length} characters`;
  const different = new Set(secret).size;
  if (different === 1) return 'is one character again and again';
  if (different < MIN_DIFFERENT) return `has only ${different} different characters`;
  if (PLACEHOLDER.test(secret)) return 'is the placeholder of an example';
  return undefined;
}
