import { resolve } from 'node:path';
import ts from 'typescript';
import { root } from '../../scripts/workspace.mjs';

/** What each of these source files exports, in the order of the names; those that exist as types alone say so. */
export function exportedNames(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const config = resolve(root, 'tsconfig.base.json');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    root,
  );
  // Without a form of JSX the compiler does not look into a module that has some.
  const program = ts.createProgram(files, { ...options, jsx: ts.JsxEmit.ReactJSX });
  const checker = program.getTypeChecker();

  const describe = (symbol: ts.Symbol): string => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return target.flags & ts.SymbolFlags.Value ? symbol.name : `type ${symbol.name}`;
  };
  const withoutKind = (name: string): string => name.replace('type ', '');

  return new Map(
    files.map((file) => {
      const source = program.getSourceFile(file);
      const module = source && checker.getSymbolAtLocation(source);
      if (module === undefined) throw new Error(`${file} is not a module`);
      const names = checker.getExportsOfModule(module).map(describe);
      return [file, names.sort((a, b) => (withoutKind(a) < withoutKind(b) ? -1 : 1))];
    }),
  );
}

/** The names that applications can import from some entry of a package, of types and of values. What `internal` has is not for them. */
export function namesOfPackage(
  { entries }: { readonly entries: readonly { readonly path: string; readonly source: string }[] },
  exported: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const open = entries.filter(({ path }) => path !== './internal');
  return new Set(open.flatMap(({ source }) => exported.get(source) ?? []).map((name) => name.replace(/^type /, '')));
}
