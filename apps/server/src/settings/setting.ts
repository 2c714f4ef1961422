import * as v from 'valibot';
import { wholeNumber } from './text-schemas.ts';

/**
 * One setting of the service: what a variable takes, what it means, and what holds where it is not set. The same description reads the
 * variable, writes `docs/settings.md` and `--help`, and shows the setting in `ws config` and `/debug/state`.
 */
export interface Setting<Value = unknown, Fallback extends Value | undefined = Value | undefined> {
  /** In Markdown, to follow the name of the variable. */
  readonly meaning: string;
  /** What the variable takes, as part of a sentence: `a port number from 0 to 65535`. */
  readonly takes: string;
  readonly unit?: Unit;
  readonly schema: v.GenericSchema<string, Value>;
  /** The value where the variable is not set. */
  readonly fallback: Fallback;
  /** What holds where there is no such value, in Markdown. */
  readonly otherwise?: string;
  /** Never shown. */
  readonly isSecret?: true;
}

type Unit = 'ms' | 'bytes' | 'characters' | 'share';

/** The values of a table of settings, by the names of their variables. */
export type ValuesOf<Table extends Readonly<Record<string, Setting>>> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value, infer Fallback>
    ? undefined extends Fallback
      ? Value | undefined
      : Value
    : never;
};

type Described = Pick<Setting, 'meaning' | 'otherwise'>;

interface WholeOptions<Fallback> extends Described {
  readonly min?: number;
  readonly max?: number;
  readonly fallback: Fallback;
  readonly unit?: Unit;
}

const MAX_WHOLE = 2 ** 31 - 1;

/** A whole number, of at least 1 where nothing else is said. */
export function whole<const Fallback extends number | undefined>(
  options: WholeOptions<Fallback>,
): Setting<number, Fallback> {
  const { min = 1, max = MAX_WHOLE, ...described } = options;
  const range = max === MAX_WHOLE ? `of at least ${min}` : `from ${min} to ${max}`;
  return { ...described, takes: `a whole number ${range}`, schema: wholeNumber(min, max) };
}

/** One of a few words. */
export function choice<const Value extends string, const Fallback extends NoInfer<Value> | undefined>(
  words: readonly Value[],
  described: Described & { readonly fallback: Fallback },
): Setting<Value, Fallback> {
  return {
    ...described,
    takes: words.length === 2 ? words.join(' or ') : `one of ${words.join(', ')}`,
    schema: v.picklist(words),
  };
}

/** A path, or another text without a form of its own. */
export function text(takes: string, described: Described): Setting<string, undefined> {
  return { ...described, takes, schema: v.string(), fallback: undefined };
}

/** A text that is never shown. */
export function secret(
  schema: v.GenericSchema<string, string>,
  takes: string,
  described: Described,
): Setting<string, undefined> {
  return { ...described, takes, schema, fallback: undefined, isSecret: true };
}

/** Whatever a schema takes. */
export function parsed<Value, const Fallback extends NoInfer<Value> | undefined>(
  schema: v.GenericSchema<string, Value>,
  takes: string,
  described: Described & { readonly fallback: Fallback },
): Setting<Value, Fallback> {
  return { ...described, takes, schema };
}
