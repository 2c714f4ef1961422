import type { Node } from 'oxc-parser';
import type { Deprecation } from '../deprecations.ts';
import { legacyMethodOf } from '../legacy-sources.ts';
import type { LegacyReceivers } from './legacy-receivers.ts';
import { staticName, type PlacedNode, type SourceTree } from './source-tree.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;
type Member = Extract<Node, { type: 'MemberExpression' }>;

/** A use of a legacy method: a call, or a look whether it is there, as in `if (manager.sendToUser)`. */
export interface MethodUse {
  readonly entry: Deprecation;
  readonly member: Member;
  readonly place: PlacedNode;
}

/** A call of a legacy method. */
export interface LegacyCall {
  readonly entry: Deprecation;
  readonly call: Call;
  readonly callee: Member;
  readonly place: PlacedNode;
}

/** The uses of legacy methods on values that are known to be managers or emitters. */
export function methodUses({ nodes }: SourceTree, receivers: LegacyReceivers): readonly MethodUse[] {
  return nodes.flatMap(({ node, parents }): MethodUse[] => {
    if (node.type !== 'MemberExpression') return [];
    const method = legacyMethodOf(staticName(node.property, node.computed) ?? '');
    if (method === undefined || receivers.kindOf(node.object) !== method.receiver) return [];
    return [{ entry: method.entry, member: node, place: { node, parents } }];
  });
}

/** Those that are calls. */
export function legacyCalls(tree: SourceTree, receivers: LegacyReceivers): readonly LegacyCall[] {
  return methodUses(tree, receivers).flatMap(({ entry, member, place: { parents } }): LegacyCall[] => {
    const call = parents.at(-1);
    if (call?.type !== 'CallExpression' || call.callee !== member) return [];
    return [{ entry, call, callee: member, place: { node: call, parents: parents.slice(0, -1) } }];
  });
}
