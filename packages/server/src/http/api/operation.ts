import type { ErrorCode } from '@ws/types';
import type * as v from 'valibot';
import type { Scope } from '../../auth/api-key-file.ts';

/** A call of the HTTP API: what its route checks, and what its description says, in one place. */
export interface Operation {
  /** Name in the description, as a verb. */
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** Pattern of the route; `:userId` is described as `{user_id}`. */
  readonly path: `/${string}`;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** What lets a request in: an API key of this scope, a credential of the user. Empty: everybody. */
  readonly access: readonly (Scope | 'user')[];
  readonly query?: ObjectSchema;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Schema;
  /** The body as it is described, where the route leaves a part of its check to others. @default body */
  readonly bodyDescribed?: Schema;
  readonly bodyExample?: unknown;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes it answers with beside those that any call may be answered with. */
  readonly errors: readonly ErrorCode[];
}

type Tag = 'Publishers' | 'Agents' | 'Users' | 'Back ends' | 'Operators' | 'Development';

export interface Answer {
  readonly description: string;
  /** Bodies by media type; none for an answer without a body. */
  readonly content?: Readonly<Record<string, Schema>>;
}

export type Schema = v.GenericSchema;
type ObjectSchema = v.ObjectSchema<v.ObjectEntries, undefined>;

/** An answer in JSON. */
export function json(description: string, schema: Schema): Answer {
  return { description, content: { 'application/json': schema } };
}
