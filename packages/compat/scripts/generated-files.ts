import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EMITTER_METHODS } from '../src/table/emitter-methods.ts';
import { LEGACY_METHODS } from '../src/table/legacy-methods.ts';
import { withDeprecatedComments } from './deprecated-comments.ts';
import { deprecationsPage } from './deprecations-page.ts';
import { snakeCaseInterface } from './snake-case-interfaces.ts';

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
    [resolve(SRC, 'legacy-manager/snake-case-methods.ts')]: snakeCaseInterface(
      'SnakeCaseMethods',
      'CamelCaseMethods',
      './legacy-methods.ts',
      Object.keys(LEGACY_METHODS),
    ),
    [resolve(SRC, 'emitter/snake-case-emitter-methods.ts')]: snakeCaseInterface(
      'SnakeCaseEmitterMethods',
      'CamelCaseEmitterMethods',
      './camel-case-emitter-methods.ts',
      Object.keys(EMITTER_METHODS),
    ),
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
