import type { Node } from 'oxc-parser';
import type { Deprecation } from '../deprecations.ts';
import { legacyMethodOf } from '../legacy-sources.ts';
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

/** The calls of legacy methods on values that are known to be managers or emitters. */
export function legacyCalls({ nodes }: SourceTree, receivers: LegacyReceivers): readonly LegacyCall[] {
  return nodes.flatMap(({ node, parents }): LegacyCall[] => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
    const { callee } = node;
    const method = legacyMethodOf(staticName(callee.property, callee.computed) ?? '');
    if (method === undefined || receivers.kindOf(callee.object) !== method.receiver) return [];
    const { entry } = method;
    return [{ entry, call: node, callee, place: { node, parents } }];
  });
}
