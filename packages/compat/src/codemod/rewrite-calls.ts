import MagicString from 'magic-string';
import type { Node } from 'oxc-parser';
import { canonicalEventText, eventOfArguments, eventOfMessage, type EventLiteral } from './event-literal.ts';
import { legacyCalls, type LegacyCall } from './method-uses.ts';
import { legacyImports } from './legacy-imports.ts';
import { LegacyReceivers } from './legacy-receivers.ts';
import type { LegacySources } from '../legacy-sources.ts';
import { rewriteRunStory, type RunEventCall } from './run-story.ts';
import { parseSource, type SourceTree } from './source-tree.ts';

/** How a call is rewritten: an edit of what follows the object it is made on, or nothing where it can't be. */
type Rewrite = (tree: SourceTree, call: LegacyCall, edits: MagicString) => boolean;

/** Reads the event that a call emits. `undefined` where not everything is written down. */
type EventReader = (tree: SourceTree, call: LegacyCall) => EventLiteral | undefined;

const PROPERTIES: Readonly<Record<string, Rewrite>> = {
  getConnectionCount: property('.connections.length'),
  getUserConnections: property('.connections'),
  isUserConnected: (tree, call, edits) =>
    !isOptional(call) && property('.connections.length > 0')(tree, call, edits) && inParentheses(call, edits),
};

const EVENTS: Readonly<Record<string, EventReader>> = {
  sendToUser: message(1),
  sendMessage: message(1),
  sendToThread: message(1, true),
  broadcast: message(0),
  broadcastToAll: message(0),
  broadcastMessage: message(0),
  broadcastSystemMessage: message(0),
  sendAgentEvent: typeAndData,
  emitAgentEvent: typeAndData,
  emitCriticalEvent: typeAndData,
  sendEvent: typeAndData,
};

/**
 * Rewrites the calls of legacy methods that say all that the canonical call needs. The others are left as they are.
 *
 * @throws SourceSyntaxError
 */
export function rewriteCalls(file: string, text: string, sources: LegacySources): string {
  // One call may stand in another: a rewritten text is looked at again until nothing changes.
  let current = text;
  for (;;) {
    const tree = parseSource(file, current);
    const calls = legacyCalls(tree, new LegacyReceivers(tree, legacyImports(tree, sources)));
    const edits = new MagicString(current);
    const emitted = calls.flatMap((legacy): RunEventCall[] => {
      const event = EVENTS[legacy.entry.name]?.(tree, legacy);
      return event === undefined ? [] : [{ legacy, event }];
    });
    const read = new Set(emitted.map(({ legacy }) => legacy));
    const unread = calls.filter((call) => call.entry.name in EVENTS && !read.has(call));
    const changed =
      rewriteRunStory(tree, emitted, unread, edits) ||
      emitted.some(({ legacy, event }) => emit(legacy, canonicalEventText(event), edits)) ||
      calls.some((call) => PROPERTIES[call.entry.name]?.(tree, call, edits) === true);
    if (!changed) return current;
    current = edits.toString();
  }
}

function property(replacement: string): Rewrite {
  return (_, { call, callee }, edits) => {
    if (call.optional || !call.arguments.every(isHarmless)) return false;
    edits.overwrite(callee.object.end, call.end, `${callee.optional ? '?' : ''}${replacement}`);
    return true;
  };
}

function message(index: 0 | 1, isThread = false): EventReader {
  return (tree, { call }) => {
    const { arguments: given } = call;
    const [first] = given;
    if (given.length !== index + 1 || (index === 1 && !isHarmless(first))) return undefined;
    const event = eventOfMessage(tree, given[index]);
    if (event === undefined || !isThread || first === undefined) return event;
    return { ...event, threadId: tree.text.slice(first.start, first.end) };
  };
}

function typeAndData(tree: SourceTree, { call, entry }: LegacyCall): EventLiteral | undefined {
  const { arguments: given } = call;
  const withUser = given.length === 3 && isHarmless(given[0]);
  const withoutUser = given.length === 2 && entry.name === 'sendEvent';
  return withUser || withoutUser ? eventOfArguments(tree, given.at(-2), given.at(-1)) : undefined;
}

function emit({ call, callee }: LegacyCall, event: string | undefined, edits: MagicString): boolean {
  if (event === undefined || call.optional) return false;
  edits.overwrite(callee.object.end, call.end, `${callee.optional ? '?' : ''}.emit(${event})`);
  return true;
}

function inParentheses({ call, place }: LegacyCall, edits: MagicString): boolean {
  switch (place.parents.at(-1)?.type) {
    case 'IfStatement':
    case 'VariableDeclarator':
    case 'ReturnStatement':
    case 'AssignmentExpression':
      return true;
    default:
      edits.appendLeft(call.start, '(').appendRight(call.end, ')');
      return true;
  }
}

function isOptional({ call, callee }: LegacyCall): boolean {
  return call.optional || callee.optional;
}

/** Whether nothing happens when an argument is no longer evaluated. */
function isHarmless(node: Node | undefined): boolean {
  switch (node?.type) {
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
      return true;
    case 'MemberExpression':
      return !node.computed && isHarmless(node.object);
    default:
      return false;
  }
}
