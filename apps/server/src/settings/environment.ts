import { WebSocketError } from '@ws/types';
import * as v from 'valibot';
import { wholeNumber } from './text-schemas.ts';
import { isOfKubernetes } from './unknown-variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads variables, each against a schema. An empty variable counts as not set. */
export class EnvironmentReader {
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /**
   * The value of a variable, or `undefined` where it is not set.
   *
   * @param expected - what the variable takes, for the sentence of the error
   * @throws `INVALID_OPTION`; the message names the variable and never repeats its text, which may be a secret
   */
  read<Value>(name: string, schema: v.GenericSchema<string, Value>, expected: string): Value | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const result = v.safeParse(schema, text);
    if (result.success) return result.output;
    throw new WebSocketError('INVALID_OPTION', `${name} must be ${expected}`);
  }

  /** A whole number, by default of at least 1. */
  count(name: string, min = 1, max = 2 ** 31 - 1): number | undefined {
    const range = max === 2 ** 31 - 1 ? `of at least ${min}` : `from ${min} to ${max}`;
    return this.read(name, wholeNumber(min, max), `a whole number ${range}`);
  }

  text(name: string): string | undefined {
    const text = this.#env[name];
    if (text === undefined || text === '' || isOfKubernetes(name, text)) return undefined;
    return text;
  }
}
