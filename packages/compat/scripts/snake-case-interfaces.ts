import { deprecationOf } from '../src/deprecations.ts';
import { snakeCase } from '../src/snake-case.ts';

/** An interface with the snake_case spelling of each method of another, which TypeScript can't derive with its comments. */
export function snakeCaseInterface(name: string, camelCase: string, from: string, methods: readonly string[]): string {
  const members = methods.map((method) => {
    const entry = deprecationOf(method);
    if (entry === undefined) throw new TypeError(`${method} is not in the table of deprecations`);
    const { code, replacement, removal } = entry;
    const comment = `  /** @deprecated ${code}: use ${replacement}. Removed in ${removal}. */`;
    return `${comment}\n  ${snakeCase(method)}: ${camelCase}['${method}'];`;
  });
  return [
    `import type { ${camelCase} } from '${from}';`,
    '',
    '// Written by scripts/generate.ts from the table of deprecations.',
    '',
    '/** The original spelling of the methods. */',
    `export interface ${name} {`,
    ...members,
    '}',
    '',
  ].join('\n');
}
