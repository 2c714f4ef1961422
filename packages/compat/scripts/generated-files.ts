import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { deprecationOf } from '../src/deprecations.ts';
import { snakeCase } from '../src/snake-case.ts';
import { EMITTER_METHODS } from '../src/table/emitter-methods.ts';
import { LEGACY_METHODS } from '../src/table/legacy-methods.ts';
import { withDeprecatedComments } from './deprecated-comments.ts';
import { deprecationsPage } from './deprecations-page.ts';

/** A file that follows from the table, as it is and as it should be. */
export interface GeneratedFile {
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/** An interface of methods that another declares, with the `@deprecated` tag of each: TypeScript can't derive a type with its comments. */
interface MethodInterface {
  readonly name: string;
  /** What the interface says of itself. */
  readonly about: string;
  /** The type that declares the methods, and the file it is in. */
  readonly camelCase: string;
  readonly from: string;
  readonly methods: readonly string[];
  readonly spellings: readonly ('camelCase' | 'snake_case')[];
}

const PACKAGE = resolve(import.meta.dirname, '..');
const SRC = resolve(PACKAGE, 'src');

export function generatedFiles(): readonly GeneratedFile[] {
  const whole: Readonly<Record<string, string>> = {
    [resolve(SRC, 'legacy-manager/deprecated-methods.ts')]: methodInterface({
      name: 'DeprecatedMethods',
      about: 'The methods of the old manager, in both spellings.',
      camelCase: 'CamelCaseMethods',
      from: './legacy-methods.ts',
      methods: Object.keys(LEGACY_METHODS),
      spellings: ['camelCase', 'snake_case'],
    }),
    [resolve(SRC, 'emitter/snake-case-emitter-methods.ts')]: methodInterface({
      name: 'SnakeCaseEmitterMethods',
      about: 'The original spelling of the methods.',
      camelCase: 'CamelCaseEmitterMethods',
      from: './camel-case-emitter-methods.ts',
      methods: Object.keys(EMITTER_METHODS),
      spellings: ['snake_case'],
    }),
    [resolve(PACKAGE, '../../DEPRECATIONS.md')]: deprecationsPage(),
  };
  const commented = globSync('**/*.ts', { cwd: SRC, exclude: ['table/**'] })
    .map((file) => resolve(SRC, file))
    .filter((path) => !(path in whole));
  return [
    ...Object.entries(whole).map(([path, expected]) => ({ path, expected, actual: read(path) })),
    ...commented.map((path) => ({ path, expected: withDeprecatedComments(read(path)), actual: read(path) })),
  ];
}

/** The text of the file that declares the interface. */
function methodInterface({ name, about, camelCase, from, methods, spellings }: MethodInterface): string {
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

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
