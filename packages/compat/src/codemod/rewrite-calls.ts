import MagicString from 'magic-string';
import type { Node } from 'oxc-parser';
import { canonicalEventText, eventOfArguments, eventOfMessage } from './event-literal.ts';
import { legacyCalls, type LegacyCall } from './method-uses.ts';
import { legacyImports } from './legacy-imports.ts';
import { LegacyReceivers } from './legacy-receivers.ts';
import type { LegacySources } from '../legacy-sources.ts';
import { parseSource, type SourceTree } from './source-tree.ts';

/** How a call is rewritten: an edit of what follows the object it is made on, or nothing where it can't be. */
type Rewrite = (tree: SourceTree, call: LegacyCall, edits: MagicString) => boolean;

const REWRITES: Readonly<Record<string, Rewrite>> = {
  getConnectionCount: property('.connections.length'),
  getUserConnections: property('.connections'),
  isUserConnected: (tree, call, edits) =>
    property('.connections.length > 0')(tree, call, edits) && inParentheses(call, edits),
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
  // One call may stand in another: a rewritten text is looked at anew until nothing changes.
  let current = text;
  for (;;) {
    const tree = parseSource(file, current);
    const calls = legacyCalls(tree, new LegacyReceivers(tree, legacyImports(tree, sources)));
    const edits = new MagicString(current);
    const changed = calls.some((call) => !isOptional(call) && REWRITES[call.entry.name]?.(tree, call, edits) === true);
    if (!changed) return current;
    current = edits.toString();
  }
}

function property(replacement: string): Rewrite {
  return (_, { call, callee }, edits) => {
    if (!call.arguments.every(isHarmless)) return false;
    edits.overwrite(callee.object.end, call.end, replacement);
    return true;
  };
}

function message(index: 0 | 1, isThread = false): Rewrite {
  return (tree, call, edits) => {
    const { arguments: given } = call.call;
    const [first] = given;
    if (given.length !== index + 1 || (index === 1 && !isHarmless(first))) return false;
    const event = eventOfMessage(tree, given[index]);
    const thread = isThread && first !== undefined ? tree.text.slice(first.start, first.end) : undefined;
    return emit(call, event === undefined ? undefined : canonicalEventText(event, thread), edits);
  };
}

function typeAndData(tree: SourceTree, call: LegacyCall, edits: MagicString): boolean {
  const { arguments: given } = call.call;
  const withUser = given.length === 3 && isHarmless(given[0]);
  const withoutUser = given.length === 2 && call.entry.name === 'sendEvent';
  if (!withUser && !withoutUser) return false;
  const event = eventOfArguments(tree, given.at(-2), given.at(-1));
  return emit(call, event === undefined ? undefined : canonicalEventText(event), edits);
}

function emit({ call, callee }: LegacyCall, event: string | undefined, edits: MagicString): boolean {
  if (event === undefined) return false;
  edits.overwrite(callee.object.end, call.end, `.emit(${event})`);
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
