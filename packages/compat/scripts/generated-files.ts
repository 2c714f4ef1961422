import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EMITTER_METHODS } from '../src/table/emitter-methods.ts';
import { LEGACY_METHODS } from '../src/table/legacy-methods.ts';
import { withDeprecatedComments } from './deprecated-comments.ts';
import { deprecationsPage } from './deprecations-page.ts';
import { methodInterface } from './method-interfaces.ts';

/** A file that follows from the table, as it is and as it should be. */
export interface GeneratedFile {
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
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

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
