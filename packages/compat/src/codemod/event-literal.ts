import { isCriticalEvent, judgeEventName } from '@ws/types';
import type { Node } from 'oxc-parser';
import { ENVELOPE } from '../legacy-emit/input-names.ts';
import * as names from '../legacy-emit/input-names.ts';
import { canonicalEventType } from '../legacy-emit/message-type-aliases.ts';
import { staticName, stringValue, type SourceTree } from './source-tree.ts';

type Fields = Map<string, string>;

/** A legacy event as it is written down in a call: the texts of its fields. */
export interface EventLiteral {
  readonly type: string;
  /** The quote that its type was written with. */
  readonly quote: string;
  readonly fields: Fields;
  /** A payload that is not written down field by field. */
  readonly payload: string | undefined;
  readonly runId: string | undefined;
  readonly threadId: string | undefined;
}

/** Reads an event whose type and data are arguments of their own. `undefined` where not everything is written down. */
export function eventOfArguments(
  tree: SourceTree,
  type: Node | undefined,
  data: Node | undefined,
): EventLiteral | undefined {
  const name = stringValue(type);
  const fields = data === undefined ? undefined : fieldsOf(tree, data);
  if (type === undefined || name === undefined || fields === undefined) return undefined;
  return literal(name, textOf(tree, type), fields, new Map<string, string>(), undefined);
}

/** Reads an event that is one message. `undefined` where not everything is written down. */
export function eventOfMessage(tree: SourceTree, message: Node | undefined): EventLiteral | undefined {
  if (message?.type !== 'ObjectExpression') return undefined;
  const outer = fieldsOf(tree, message);
  const property = (name: string): Node | undefined =>
    message.properties.flatMap((it) =>
      it.type === 'Property' && staticName(it.key, it.computed) === name ? [it.value] : [],
    )[0];
  const type = property('type');
  const name = stringValue(type);
  if (outer === undefined || type === undefined || name === undefined) return undefined;
  const nest = property('payload') ?? property('data');
  const inner = nest === undefined ? new Map<string, string>() : fieldsOf(tree, nest);
  if (outer.has('payload') && outer.has('data')) return undefined;
  for (const key of ['type', 'payload', 'data']) outer.delete(key);
  if (inner === undefined && [...outer.keys()].some((key) => !ENVELOPE.has(key))) return undefined;
  const payload = inner === undefined && nest !== undefined ? textOf(tree, nest) : undefined;
  return literal(name, textOf(tree, type), inner ?? new Map<string, string>(), outer, payload);
}

/** The event as the protocol has it, as source text. `undefined` where something is missing that legacy code left unsaid. */
export function canonicalEventText(event: EventLiteral): string | undefined {
  const type = canonicalEventType(event.type);
  const { kind } = judgeEventName(type);
  if (kind !== 'protocol' && kind !== 'application') return undefined;
  const isOfRun = isCriticalEvent(type);
  if (kind === 'protocol' && !isOfRun) return undefined;
  const payload = isOfRun ? runPayload(type, event) : (event.payload ?? objectText(event.fields));
  if (payload === undefined || (isOfRun && event.runId === undefined)) return undefined;
  return objectText(
    new Map([
      ['type', `${event.quote}${type}${event.quote}`],
      ...(event.runId === undefined ? [] : [['run_id', event.runId] as const]),
      ...(event.threadId === undefined ? [] : [['thread_id', event.threadId] as const]),
      ['payload', payload],
    ]),
  );
}

function runPayload(type: string, { fields, payload, quote }: EventLiteral): string | undefined {
  if (payload !== undefined) return undefined;
  const left = new Map(fields);
  const take = (aliases: readonly string[]): string | undefined => {
    const found = aliases.filter((alias) => left.has(alias));
    const value = found[0] === undefined ? undefined : left.get(found[0]);
    for (const alias of found) left.delete(alias);
    return value;
  };
  const milliseconds = (): string | undefined => {
    const seconds = names.SECONDS.find((alias) => left.has(alias));
    const ms = take(names.MILLISECONDS);
    const value = take(names.SECONDS);
    return ms ?? (seconds === undefined || value === undefined ? undefined : `${inParentheses(value)} * 1000`);
  };
  // Each field, and whether the protocol can do without it.
  const wanted: readonly (readonly [string, string | undefined, 'needed' | 'optional'])[] | undefined = (() => {
    const call = () =>
      [
        ['tool_call_id', take(names.CALL_ID), 'needed'],
        ['tool_name', take(names.TOOL_NAME), 'needed'],
      ] as const;
    switch (type) {
      case 'agent_started':
        return [
          ['agent_name', take(['agent_name']), 'needed'],
          ['task', take(names.TASK), 'optional'],
        ];
      case 'agent_thinking':
        return [['delta', take(names.DELTA), 'needed']];
      case 'tool_executing':
        return [...call(), ['args', take(names.ARGS) ?? '{}', 'needed']];
      case 'tool_completed':
        // What tells success from failure may be any of these; written down alone it is not enough.
        if (left.has('error') || left.has('status')) return undefined;
        return [
          ...call(),
          ['success', take(['success']) ?? 'true', 'needed'],
          ['result', take(names.RESULT), 'optional'],
          ['duration_ms', milliseconds(), 'needed'],
        ];
      default:
        if (left.has('error') || left.has('status') || left.has('result')) return undefined;
        return [
          ['status', `${quote}completed${quote}`, 'needed'],
          ['final_response', take(names.FINAL_RESPONSE), 'optional'],
          ['duration_ms', milliseconds(), 'needed'],
        ];
    }
  })();
  if (wanted === undefined || wanted.some(([, value, need]) => value === undefined && need === 'needed'))
    return undefined;
  return objectText(
    new Map([...wanted.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])), ...left]),
  );
}

function literal(type: string, raw: string, inner: Fields, outer: Fields, payload: string | undefined): EventLiteral {
  const envelope = (snake: string, camel: string): string | undefined =>
    outer.get(snake) ?? outer.get(camel) ?? inner.get(snake) ?? inner.get(camel);
  const fields = new Map([...outer, ...inner].filter(([name]) => !ENVELOPE.has(name)));
  const runId = envelope('run_id', 'runId');
  const threadId = envelope('thread_id', 'threadId');
  return { type, quote: raw.startsWith('"') ? '"' : "'", fields, payload, runId, threadId };
}

/** The texts of an object's fields, if each is there under a plain name. */
function fieldsOf(tree: SourceTree, node: Node): Fields | undefined {
  if (node.type !== 'ObjectExpression') return undefined;
  const fields: Fields = new Map();
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.kind !== 'init' || property.method) return undefined;
    const name = staticName(property.key, property.computed);
    if (name === undefined) return undefined;
    fields.set(name, textOf(tree, property.value));
  }
  return fields;
}

function objectText(fields: ReadonlyMap<string, string>): string {
  const members = [...fields].map(([name, value]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return key === value ? key : `${key}: ${value}`;
  });
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function inParentheses(value: string): string {
  return /^[\w.]+$/.test(value) ? value : `(${value})`;
}

function textOf({ text }: SourceTree, node: Node): string {
  return text.slice(node.start, node.end);
}
