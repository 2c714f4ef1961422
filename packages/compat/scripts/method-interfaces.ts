import { deprecationOf } from '../src/deprecations.ts';
import { snakeCase } from '../src/snake-case.ts';

/** An interface of methods that another declares, with the `@deprecated` tag of each: TypeScript can't derive a type with its comments. */
export interface MethodInterface {
  readonly name: string;
  /** What the interface says of itself. */
  readonly about: string;
  /** The type that declares the methods, and the file it is in. */
  readonly camelCase: string;
  readonly from: string;
  readonly methods: readonly string[];
  readonly spellings: readonly ('camelCase' | 'snake_case')[];
}

/** The text of the file that declares the interface. */
export function methodInterface({ name, about, camelCase, from, methods, spellings }: MethodInterface): string {
  const members = methods.flatMap((method) => {
    const entry = deprecationOf(method);
    if (entry === undefined) throw new TypeError(`${method} is not in the table of deprecations`);
    const { code, replacement, removal } = entry;
    const comment = `  /** @deprecated ${code}: use ${replacement}. Removed in ${removal}. */`;
    const spelled = new Set(spellings.map((spelling) => (spelling === 'camelCase' ? method : snakeCase(method))));
    return [...spelled].map((it) => `${comment}\n  ${it}: ${camelCase}['${method}'];`);
  });
  return [
    `import type { ${camelCase} } from '${from}';`,
    '',
    '// Written by scripts/generate.ts from the table of deprecations.',
    '',
    `/** ${about} */`,
    `export interface ${name} {`,
    ...members,
    '}',
    '',
  ].join('\n');
}
