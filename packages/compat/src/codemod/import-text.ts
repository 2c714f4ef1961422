import type { SourceTree } from './source-tree.ts';
import type { LegacyImport } from './legacy-imports.ts';

/** A name in a list of imported, exported or destructured names. */
export interface NameInList {
  readonly name: string;
  readonly local: string;
  readonly isType: boolean;
}

/** Names by the module they come from, in the order in which they are written down. */
export type NamesByModule = ReadonlyMap<string, readonly NameInList[]>;

/** The text that takes names from their modules, in the form that a legacy import had. */
export function importText(tree: SourceTree, legacy: LegacyImport, modules: NamesByModule): string {
  const { node } = legacy.place;
  const entries = [...modules].filter(([, names]) => names.length > 0);
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration': {
      const keyword = node.type === 'ImportDeclaration' ? 'import' : 'export';
      const isType = (node.type === 'ImportDeclaration' ? node.importKind : node.exportKind) === 'type';
      const end = tree.text.slice(legacy.source.end, node.end);
      return entries
        .map(([module, names]) => {
          const list = listText(names.map((name) => specifierText(name, isType)));
          return `${keyword} ${isType ? 'type ' : ''}${list} from ${quoted(tree, legacy, module)}${end}`;
        })
        .join(`\n${indentOf(tree, node.start)}`);
    }
    case 'VariableDeclarator': {
      const init = node.init ?? node.id;
      const before = tree.text.slice(init.start, legacy.source.start);
      const after = tree.text.slice(legacy.source.end, init.end);
      const declarators = entries.map(([module, names]) => {
        const list = listText(names.map(({ name, local }) => (name === local ? name : `${name}: ${local}`)));
        return `${list} = ${before}${quoted(tree, legacy, module)}${after}`;
      });
      return declarators.join(separatorOf(tree, legacy));
    }
    default:
      throw new TypeError(`${node.type} has no list of names`);
  }
}

/** The module's name in the quotes of the legacy one. */
export function quoted({ text }: SourceTree, { source }: LegacyImport, module: string): string {
  const quote = text.charAt(source.start);
  return `${quote}${module}${quote}`;
}

/** A declaration of one variable becomes several of one each; among several it stays one. */
function separatorOf({ text }: SourceTree, { place }: LegacyImport): string {
  const declaration = place.parents.at(-1);
  if (declaration?.type !== 'VariableDeclaration' || declaration.declarations.length > 1) return ', ';
  const end = text.slice(declaration.start, declaration.end).endsWith(';') ? ';' : '';
  return `${end}\n${indentOf({ text }, declaration.start)}${declaration.kind} `;
}

function indentOf({ text }: Pick<SourceTree, 'text'>, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
}

function specifierText({ name, local, isType }: NameInList, isTypeAbove: boolean): string {
  const type = isType && !isTypeAbove ? 'type ' : '';
  return name === local ? `${type}${name}` : `${type}${name} as ${local}`;
}

const MAX_LINE = 90;

function listText(members: readonly string[]): string {
  const line = `{ ${members.join(', ')} }`;
  return line.length <= MAX_LINE ? line : `{\n${members.map((member) => `  ${member},\n`).join('')}}`;
}
