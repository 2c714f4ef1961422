import { nearestName, WebSocketError } from '@ws/types';

/** What a parameter takes: any text, one of these values, or a whole number in a range. */
export type UrlParameter = 'text' | readonly (string | number)[] | { readonly min: number; readonly max?: number };

/** The parameters that were given, as the values that their descriptions allow. */
export type UrlParameterValues<Known extends Readonly<Record<string, UrlParameter>>> = {
  readonly [Name in keyof Known]?: Known[Name] extends readonly (infer Value)[]
    ? Value
    : Known[Name] extends 'text'
      ? string
      : number;
};

/**
 * Reads the parameters of a log's URL: what stands behind its question mark. A log's options are its parameters, in snake case.
 *
 * @param log what the log is called in an error: `SQLite`
 * @throws `INVALID_OPTION` for a parameter that is unknown, given twice or has a wrong value. The message names it, and what there
 * is; nothing of the URL before the question mark is in it.
 *
 * @example
 * ```ts
 * readUrlParameters('SQLite', 'synchronous=normal', { synchronous: ['full', 'normal'] }); // { synchronous: 'normal' }
 * ```
 */
export function readUrlParameters<const Known extends Readonly<Record<string, UrlParameter>>>(
  log: string,
  query: string,
  known: Known,
): UrlParameterValues<Known> {
  // A '?' inside a password ends the address early. The rest of the password must not be printed.
  if (query.includes('@')) {
    throw invalid(
      `a '?' begins the parameters of the URL of a ${log} log: write %3F for one that belongs to a name or password`,
    );
  }
  const values: Record<string, string | number> = {};
  for (const [name, text] of new URLSearchParams(query)) {
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined;
    if (parameter === undefined) throw unknown(log, name, Object.keys(known));
    if (name in values) throw invalid(`the URL of a ${log} log has the parameter ${name} twice`);
    values[name] = valueOf(name, text, parameter);
  }
  return values as UrlParameterValues<Known>;
}

function valueOf(name: string, text: string, parameter: UrlParameter): string | number {
  if (parameter === 'text') return text;
  if ('min' in parameter) {
    const { min, max = Number.MAX_SAFE_INTEGER } = parameter;
    const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    throw invalid(`the URL parameter ${name} must be a whole number from ${min} to ${max}, got '${text}'`);
  }
  const value = parameter.find((allowed) => String(allowed) === text);
  if (value === undefined) throw invalid(`the URL parameter ${name} must be ${parameter.join(' or ')}, got '${text}'`);
  return value;
}

function unknown(log: string, name: string, known: readonly string[]): WebSocketError {
  const meant = nearestName(name, known);
  const hint = meant === undefined ? '' : `did you mean ${meant}? `;
  return invalid(`there is no parameter '${name}' in the URL of a ${log} log: ${hint}(there are ${known.join(', ')})`);
}

function invalid(message: string): WebSocketError {
  return new WebSocketError('INVALID_OPTION', message);
}
