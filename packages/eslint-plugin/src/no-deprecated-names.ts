import type { CanonicalName } from '@ws/compat/deprecations';
import { LegacySources, legacyMethodOf, type LegacyExport } from '@ws/compat/legacy-sources';
import type { Rule } from 'eslint';
import { receiverKind } from './legacy-receivers.ts';
import { identifierName, isNode, keyName, loadedModule, stringValue, type AnyNode } from './nodes.ts';
import { renameFix, type NameList, type RenamedName } from './rename-fix.ts';

interface Options {
  /** Other packages or paths that the first system is imported from. */
  readonly from?: readonly string[];
}

/**
 * Reports legacy names of the WebSocket manager, by the table of `@ws/compat`. Fixes those that a rename is enough for; a factory
 * and the class only where no legacy method is called in the file, which a canonical manager would not have.
 */
export const noDeprecatedNames: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    docs: { description: 'disallow legacy names of the WebSocket manager', recommended: true },
    fixable: 'code',
    schema: [
      {
        type: 'object',
        properties: { from: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{}],
    messages: {
      deprecated: '{{code}} {{name}}: use {{replacement}}. It goes in version {{removal}}.',
      moved: '{{name}}: import it from {{from}}.',
      module: '{{module}}: import the names that are needed, one by one, to move them.',
    },
  },

  create(context) {
    const { sourceCode } = context;
    const { from = [] } = (context.options[0] ?? {}) as Options;
    const sources = new LegacySources(from);
    const imported = new Map<string, string>();
    const namespaces = new Map<string, string>();

    const report = (node: AnyNode, name: string, found: LegacyExport, fix?: Rule.ReportFixer): void => {
      const data =
        found.kind === 'moved'
          ? { name, from: found.canonical.from }
          : {
              code: found.entry.code,
              name,
              replacement: found.entry.replacement.replaceAll('`', ''),
              removal: found.entry.removal,
            };
      const messageId = found.kind === 'moved' ? 'moved' : 'deprecated';
      context.report({ node: node as unknown as Rule.Node, messageId, data, ...(fix === undefined ? {} : { fix }) });
    };

    const reportList = (module: string, list: NameList, names: readonly Omit<RenamedName, 'canonical'>[]): void => {
      for (const name of names) {
        const found = sources.exportOf(module, name.imported);
        if (found === undefined) continue;
        const canonical = fixableTo(found, sourceCode.text);
        report(
          name.node,
          name.imported,
          found,
          canonical === undefined ? undefined : (fixer) => renameFix(fixer, sourceCode, list, { ...name, canonical }),
        );
      }
    };

    return {
      ImportDeclaration(node) {
        const declaration = node as unknown as AnyNode;
        const source = stringValue(node.source) ?? '';
        const module = sources.moduleOf(source);
        const specifiers = declaration['specifiers'] as readonly AnyNode[];
        if (module === undefined && source !== '@ws/core') return;
        for (const specifier of specifiers) {
          const local = identifierName(specifier['local']) ?? '';
          const name = keyName(specifier['imported'], false);
          if (specifier.type === 'ImportSpecifier' && name !== undefined) imported.set(local, name);
          if (specifier.type === 'ImportNamespaceSpecifier' && module !== undefined) namespaces.set(local, module);
        }
        if (module === undefined) return;
        const isTypes = declaration['importKind'] === 'type';
        const quote = sourceCode.getText(node.source).charAt(0);
        const end = sourceCode.getText(node).endsWith(';') ? ';' : '';
        const write: NameList['write'] = (from_, name, local, isType) => {
          const type = isType && !isTypes ? 'type ' : '';
          const list = name === local ? `${type}${name}` : `${type}${name} as ${local}`;
          return `import ${isTypes ? 'type ' : ''}{ ${list} } from ${quote}${from_}${quote}${end}`;
        };
        const names = specifiers.flatMap((specifier) => {
          const name = keyName(specifier['imported'], false);
          const local = identifierName(specifier['local']);
          if (specifier.type !== 'ImportSpecifier' || name === undefined || local === undefined) return [];
          return [{ imported: name, local, node: specifier, isType: isTypes || specifier['importKind'] === 'type' }];
        });
        reportList(module, { declaration, names: specifiers, write }, names);
        if (specifiers.some(({ type }) => type === 'ImportDefaultSpecifier')) {
          context.report({ node, messageId: 'module', data: { module: source } });
        }
      },

      ExportNamedDeclaration(node) {
        const module = sources.moduleOf(stringValue(node.source));
        if (module === undefined) return;
        for (const specifier of node.specifiers as unknown as readonly AnyNode[]) {
          const name = keyName(specifier['local'], false);
          const found = name === undefined ? undefined : sources.exportOf(module, name);
          if (name !== undefined && found !== undefined) report(specifier, name, found);
        }
      },

      ExportAllDeclaration(node) {
        const source = stringValue(node.source);
        if (sources.moduleOf(source) === undefined) return;
        context.report({ node, messageId: 'module', data: { module: source ?? '' } });
      },

      VariableDeclarator(node) {
        const source = loadedModule(node.init);
        const module = sources.moduleOf(source);
        const id = node.id as unknown as AnyNode;
        if (module === undefined || source === undefined) return;
        const whole = identifierName(id);
        if (whole !== undefined) namespaces.set(whole, module);
        if (id.type !== 'ObjectPattern') return;
        const properties = id['properties'] as readonly AnyNode[];
        const names = properties.flatMap((property) => {
          const name = keyName(property['key'], property['computed'] === true);
          const local = identifierName(property['value']);
          if (property.type !== 'Property' || name === undefined || local === undefined) return [];
          imported.set(local, name);
          return [{ imported: name, local, node: property, isType: false }];
        });
        const declaration = (node as unknown as AnyNode)['parent'];
        if (!isNode(declaration) || node.init === null || node.init === undefined) return;
        const kind = String(declaration['kind']);
        const load = sourceCode.getText(node.init);
        const end = sourceCode.getText(declaration as unknown as Rule.Node).endsWith(';') ? ';' : '';
        const write: NameList['write'] = (from_, name, local) =>
          `${kind} { ${name === local ? name : `${name}: ${local}`} } = ${load.replace(source, from_)}${end}`;
        // Of several declarators none is taken out: they are reported, and their names stay.
        const isAlone =
          (declaration['declarations'] as readonly unknown[]).length === 1 && names.length === properties.length;
        if (isAlone) reportList(module, { declaration, names: properties, write }, names);
        else for (const { imported: name, node: property } of names) reportFound(module, name, property);
      },

      MemberExpression(node) {
        const member = node as unknown as AnyNode;
        const name = keyName(member['property'], node.computed);
        if (name === undefined || node.computed) return;
        const property = member['property'] as AnyNode;
        const module = namespaces.get(identifierName(node.object) ?? '') ?? sources.moduleOf(loadedModule(node.object));
        if (module !== undefined) reportFound(module, name, property);
        const method = legacyMethodOf(name);
        if (method === undefined || receiverKind(sourceCode, node.object, imported) !== method.receiver) return;
        report(property, name, { kind: 'legacy', entry: method.entry });
      },

      TSQualifiedName(node: Rule.Node) {
        const { left, right } = node as unknown as { readonly left: unknown; readonly right: AnyNode };
        const module = namespaces.get(identifierName(left) ?? '');
        const name = identifierName(right);
        if (module !== undefined && name !== undefined) reportFound(module, name, right);
      },
    };

    function reportFound(module: string, name: string, node: AnyNode): void {
      const found = sources.exportOf(module, name);
      if (found !== undefined) report(node, name, found);
    }
  },
};

const METHOD_CALL = /\.\s*([A-Za-z_]+)\s*\(/g;

/** What a name becomes where a rename is all that is needed. */
function fixableTo(found: LegacyExport, text: string): CanonicalName | undefined {
  if (found.kind === 'moved') return found.canonical;
  const { canonical, call } = found.entry;
  if (call === 'drop-await') return undefined;
  // A factory, and the class as a type: what they stand for has legacy methods, and its canonical form has none.
  const hasLegacyMethods = call !== undefined || canonical?.name === 'UnifiedWebSocketManager';
  if (!hasLegacyMethods) return canonical;
  const hasLegacyCall = [...text.matchAll(METHOD_CALL)].some(([, name = '']) => legacyMethodOf(name) !== undefined);
  return hasLegacyCall ? undefined : canonical;
}
