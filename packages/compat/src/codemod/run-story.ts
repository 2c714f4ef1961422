import type MagicString from 'magic-string';
import type { Node } from 'oxc-parser';
import { canonicalEventType } from '../legacy-emit/message-type-aliases.ts';
import * as names from '../legacy-emit/input-names.ts';
import { canonicalEventText, type EventLiteral } from './event-literal.ts';
import { declaredNames } from './bindings.ts';
import type { LegacyCall } from './method-uses.ts';
import type { SourceTree } from './source-tree.ts';

/** A call that emits an event of a run, in a statement `await manager.…(…);` of its own. */
export interface RunEventCall {
  readonly legacy: LegacyCall;
  readonly event: EventLiteral;
}

interface StoryStep extends RunEventCall {
  readonly statement: Node;
  readonly block: Node;
  readonly type: string;
}

const RUN_TYPES = new Set(['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed']);

/**
 * Rewrites the first run that one block tells whole, from `agent_started` to `agent_completed`, to `manager.startRun()`. That is needed
 * where a call leaves unsaid what an event has to have: the run, the id of a tool call, a duration. The object of the run knows them.
 * A run whose events stand in several places is left as it is: which events belong together is in doubt.
 *
 * @param calls - the calls whose event is written down
 * @param unread - the calls that emit what only the running program knows
 * @returns whether there was one
 */
export function rewriteRunStory(
  tree: SourceTree,
  calls: readonly RunEventCall[],
  unread: readonly LegacyCall[],
  edits: MagicString,
): boolean {
  const run = freeName(tree, 'run');
  for (const story of storiesOf(tree, calls, unread)) {
    const isSaid = story.every(({ event }) => canonicalEventText(event) !== undefined);
    const changes = isSaid ? undefined : storyChanges(tree, story, run);
    if (changes === undefined) continue;
    for (const change of changes) change(edits);
    return true;
  }
  return false;
}

/** The events of each block and manager, where they make a whole run. */
function storiesOf(
  tree: SourceTree,
  calls: readonly RunEventCall[],
  unread: readonly LegacyCall[],
): readonly (readonly StoryStep[])[] {
  const told = calls.filter(({ event }) => RUN_TYPES.has(canonicalEventType(event.type)));
  const groups = new Map<string, StoryStep[]>();
  for (const call of told) {
    const step = stepOf(call);
    if (step === undefined) continue;
    const key = `${step.block.start} ${receiverText(tree, call)}`;
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [...groups.values()].filter((steps) => {
    const types = steps.map(({ type }) => type);
    const isWhole = types[0] === 'agent_started' && types.at(-1) === 'agent_completed';
    const isOne = types.lastIndexOf('agent_started') === 0 && types.indexOf('agent_completed') === types.length - 1;
    const runIds = new Set(steps.map(({ event }) => event.runId));
    const threadIds = new Set(steps.map(({ event }) => event.threadId));
    const [first] = steps;
    if (!isWhole || !isOne || first === undefined) return false;
    // Another event in the same function may be one of this run: in a branch, a `catch`, or in a variable.
    const place = functionOf(first.legacy);
    const others = [...told.map(({ legacy }) => legacy), ...unread].filter((legacy) => functionOf(legacy) === place);
    if (others.length > steps.length) return false;
    return runIds.size === 1 && threadIds.size === 1;
  });
}

/** The function that a call stands in. */
function functionOf({ place: { parents } }: LegacyCall): Node | undefined {
  return parents.findLast(({ type }) => /Function(Expression|Declaration)$/.test(type));
}

function stepOf({ legacy, event }: RunEventCall): StoryStep | undefined {
  const [awaited, statement, block] = legacy.place.parents.slice(-3).reverse();
  const isAlone = awaited?.type === 'AwaitExpression' && statement?.type === 'ExpressionStatement';
  const isOptional = legacy.call.optional || legacy.callee.optional;
  if (!isAlone || isOptional || block?.type !== 'BlockStatement') return undefined;
  return { legacy, event, statement, block, type: canonicalEventType(event.type) };
}

type Change = (edits: MagicString) => void;

/** What becomes of the statements; `undefined` where one says something that the object of a run has no place for. */
function storyChanges(tree: SourceTree, story: readonly StoryStep[], run: string): readonly Change[] | undefined {
  const changes: Change[] = [];
  let opened: OpenedCall | undefined;
  for (const step of story) {
    const { type, event, legacy, statement } = step;
    if (event.payload !== undefined) return undefined;
    const fields = new Map(event.fields);
    const take = (aliases: readonly string[]): string | undefined => {
      const found = aliases.find((alias) => fields.has(alias));
      const value = found === undefined ? undefined : fields.get(found);
      if (found !== undefined) fields.delete(found);
      return value;
    };
    const become = (text: string): void => {
      changes.push((edits) => edits.overwrite(statement.start, statement.end, text));
    };
    // What happens while a tool works has no place in its call.
    if (opened !== undefined && type !== 'tool_completed') return undefined;
    switch (type) {
      case 'agent_started': {
        const agentName = take(['agent_name']);
        if (agentName === undefined) return undefined;
        const options = objectText([
          ['agentName', agentName],
          ['task', take(names.TASK)],
          ['runId', event.runId],
          ['threadId', event.threadId],
        ]);
        become(`await using ${run} = await ${receiverText(tree, { legacy })}.startRun(${options});`);
        break;
      }
      case 'agent_thinking': {
        take(['agent_name']);
        const delta = take(names.DELTA);
        if (delta === undefined) return undefined;
        become(`await ${run}.think(${delta});`);
        break;
      }
      case 'tool_executing': {
        take(['agent_name']);
        const [toolName, args, id] = [take(names.TOOL_NAME), take(names.ARGS) ?? '{}', take(names.CALL_ID)];
        if (toolName === undefined) return undefined;
        opened = { toolName, args, id, step };
        break;
      }
      case 'tool_completed': {
        take(['agent_name']);
        const [toolName, result, id] = [take(names.TOOL_NAME), take(names.RESULT), take(names.CALL_ID)];
        const isItsEnd = id === undefined ? opened?.toolName === toolName : opened?.id === id;
        // Success that is said to be so is what a result says.
        if (fields.get('success') === 'true') fields.delete('success');
        const change =
          opened === undefined || !isItsEnd || result === undefined
            ? undefined
            : toolChange(tree, opened, step, result, run);
        if (change === undefined) return undefined;
        changes.push(change);
        opened = undefined;
        break;
      }
      default: {
        take(['agent_name']);
        become(`await ${run}.complete(${objectText([['finalResponse', take(['final_response', 'response'])]])});`);
      }
    }
    if (fields.size > 0) return undefined;
  }
  return opened === undefined ? changes : undefined;
}

/** A tool call whose beginning was read. */
interface OpenedCall {
  readonly toolName: string;
  readonly args: string;
  readonly id: string | undefined;
  readonly step: StoryStep;
}

/**
 * Makes one call of `run.tool` out of the two statements, and the one between them that makes the result. `undefined` where more is
 * between them: which of it is the tool's work is in doubt.
 */
function toolChange(
  tree: SourceTree,
  { toolName, args, id, step: { statement: first, block } }: OpenedCall,
  { statement: last }: StoryStep,
  result: string,
  run: string,
): Change | undefined {
  if (block.type !== 'BlockStatement') return undefined;
  if (tree.comments.some(({ start }) => start > first.start && start < last.end)) return undefined;
  const between = block.body.filter(({ start }) => start > first.start && start < last.start);
  const head = `await ${run}.tool(${toolName}, ${args}, async () => `;
  const tail = id === undefined ? ')' : `, { toolCallId: ${id} })`;
  if (between.length === 0) {
    const value = result.startsWith('{') ? `(${result})` : result;
    return (edits) => edits.overwrite(first.start, last.end, `${head}${value}${tail};`);
  }
  const [made] = between;
  if (between.length > 1 || made?.type !== 'VariableDeclaration' || made.declarations.length !== 1) return undefined;
  const [{ id: name, init } = { id: undefined, init: null }] = made.declarations;
  if (name?.type !== 'Identifier' || name.name !== result || init === null) return undefined;
  const work = init.type === 'AwaitExpression' ? init.argument : init;
  const [open, close] = work.type === 'ObjectExpression' ? ['(', ')'] : ['', ''];
  return (edits) => {
    edits.remove(first.start, made.start);
    if (work === init) edits.appendLeft(init.start, `${head}${open}`);
    else edits.overwrite(init.start, work.start, `${head}${open}`);
    edits.appendRight(work.end, `${close}${tail}`);
    edits.remove(made.end, last.end);
  };
}

function objectText(members: readonly (readonly [string, string | undefined])[]): string {
  const said = members.flatMap(([name, value]) =>
    value === undefined ? [] : [name === value ? name : `${name}: ${value}`],
  );
  return said.length === 0 ? '' : `{ ${said.join(', ')} }`;
}

function receiverText({ text }: SourceTree, { legacy: { callee } }: Pick<RunEventCall, 'legacy'>): string {
  return text.slice(callee.object.start, callee.object.end);
}

/** A name that the file does not declare yet. */
function freeName(tree: SourceTree, wanted: string): string {
  const declared = declaredNames(tree);
  for (let index = 1; ; index += 1) {
    const name = index === 1 ? wanted : `${wanted}${index}`;
    if (!declared.has(name)) return name;
  }
}
