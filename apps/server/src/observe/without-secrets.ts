const CENSOR = '[redacted]';

const SECRETS: readonly (readonly [RegExp, string])[] = [
  // A JWT: three parts, the first of them a JSON object.
  [/\beyJ[\w-]{4,}\.[\w-]+\.[\w-]*/g, CENSOR],
  [/\b(Bearer|Basic) +[\w.~+/=-]+/gi, `$1 ${CENSOR}`],
  // User and password of an address.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"\\]+@/gi, `$1${CENSOR}@`],
  [/\b((?:ticket|token|api_?key|secret|password)=)[^\s&"'\\]+/gi, `$1${CENSOR}`],
];

/** A text in which nothing is left that looks like a token, a key or a password. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}
