import { deprecationOf, type Deprecation } from '../src/deprecations.ts';

const DECLARATION = /^export (?:abstract )?(?:async )?(?:const|type|interface|class|function) (\w+)/;
const METHOD = /^ {2}(?:async )?(\w+)\(/;

/** What the JSDoc of a legacy name says. */
function deprecatedTag({ code, replacement, removal }: Deprecation): string {
  return `@deprecated ${code}: use ${replacement}. Removed in ${removal}.`;
}

/** A source file with the `@deprecated` tag of the table above each legacy name it declares, and no other tag of the table. */
export function withDeprecatedComments(source: string): string {
  const output: string[] = [];
  for (const line of source.split('\n')) {
    if (/^ *(?:\/\*\*|\*) @deprecated WSDEP/.test(line)) continue;
    const entry = declaredIn(line);
    if (entry !== undefined) addTag(output, deprecatedTag(entry), /^ */.exec(line)?.[0] ?? '');
    output.push(line);
  }
  return output.join('\n');
}

/** The rows of the table whose names `source` declares. */
export function declarationsIn(source: string): readonly Deprecation[] {
  return source.split('\n').flatMap((line) => declaredIn(line) ?? []);
}

function addTag(output: string[], tag: string, indent: string): void {
  const directive = /^ *\/\/ eslint-/.test(output.at(-1) ?? '') ? output.splice(-1) : [];
  const last = output.at(-1) ?? '';
  const oneLine = /^ *\/\*\* (.*) \*\/$/.exec(last)?.[1];
  if (oneLine !== undefined) {
    output.splice(-1, 1, `${indent}/**`, `${indent} * ${oneLine}`, `${indent} * ${tag}`, `${indent} */`);
  } else if (last.trim() === '*/') {
    output.splice(-1, 0, `${indent} * ${tag}`);
  } else {
    output.push(`${indent}/** ${tag} */`);
  }
  output.push(...directive);
}

function declaredIn(line: string): Deprecation | undefined {
  const name = DECLARATION.exec(line)?.[1];
  const entry = deprecationOf(name ?? METHOD.exec(line)?.[1] ?? '');
  return (entry?.kind === 'method') === (name === undefined) && entry?.kind !== 'private' ? entry : undefined;
}
