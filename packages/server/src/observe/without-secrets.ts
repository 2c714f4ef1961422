const CENSOR = '[redacted]';

/**
 * Each begins where a run of letters begins or at a sign that it can't run over, so that no stretch of a text is looked at from every
 * letter in it: a line takes time by its length, whatever is in it.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // A JWT: three parts, the first of them a JSON object.
  [/(?<![\w-])(?=[\w-]+\.[\w-]+\.)([\w-]*?)\beyJ[\w-]{4,}\.[\w-]+\.[\w-]*/g, `$1${CENSOR}`],
  [/\b(Bearer|Basic) +[\w.~+/=-]+/gi, `$1 ${CENSOR}`],
  // User and password of an address.
  [/(?<=[a-z0-9+.-]:\/\/)[^\s/@"\\]+@/gi, `${CENSOR}@`],
  [/\b((?:ticket|token|api_?key|secret|password)=)[^\s&"'\\]+/gi, `$1${CENSOR}`],
];

/** A text in which nothing is left that looks like a token, a key or a password. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}
