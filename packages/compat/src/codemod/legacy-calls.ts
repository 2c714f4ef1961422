import type { Node } from 'oxc-parser';
import { DEPRECATIONS, type Deprecation } from '../deprecations.ts';
import { snakeCase } from '../legacy-spellings.ts';
import { EMITTER_METHODS } from '../table/emitter-methods.ts';
import type { LegacyReceivers } from './legacy-receivers.ts';
import { staticName, type PlacedNode, type SourceTree } from './source-tree.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;
type Member = Extract<Node, { type: 'MemberExpression' }>;

/** A call of a legacy method. */
export interface LegacyCall {
  readonly entry: Deprecation;
  readonly call: Call;
  readonly callee: Member;
  readonly place: PlacedNode;
}

const METHODS: ReadonlyMap<string, Deprecation> = new Map(
  DEPRECATIONS.filter(({ kind }) => kind === 'method').flatMap((entry) => [
    [entry.name, entry],
    [snakeCase(entry.name), entry],
  ]),
);

/** The calls of legacy methods on values that are known to be managers or emitters. */
export function legacyCalls({ nodes }: SourceTree, receivers: LegacyReceivers): readonly LegacyCall[] {
  return nodes.flatMap(({ node, parents }): LegacyCall[] => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
    const { callee } = node;
    const entry = METHODS.get(staticName(callee.property, callee.computed) ?? '');
    if (entry === undefined) return [];
    const kind = receivers.kindOf(callee.object);
    if (kind !== (entry.name in EMITTER_METHODS ? 'emitter' : 'manager')) return [];
    return [{ entry, call: node, callee, place: { node, parents } }];
  });
}
