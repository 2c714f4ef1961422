import type { Definition, SymbolKind } from './definition.ts';
import { splitWords, stem, stems } from './words.ts';

/** Words people use for a kind of definition: "the Widget class". */
const KIND_WORDS: ReadonlyMap<string, readonly SymbolKind[]> = new Map([
  ['function', ['function', 'method']],
  ['method', ['method', 'function']],
  ['class', ['class']],
  ['interface', ['interface']],
  ['port', ['interface']],
  ['type', ['type', 'interface', 'enum']],
  ['enum', ['enum']],
  ['constant', ['const']],
  ['variable', ['const']],
  ['namespace', ['module']],
]);

/** Words people use for what a function does, and how such functions are named. */
const ROLE_PREFIXES: ReadonlyMap<string, readonly string[]> = new Map([
  ['factory', ['create', 'make', 'build', 'get', 'new', 'open']],
  ['constructor', ['create', 'make', 'build', 'new']],
  ['builder', ['build', 'create']],
  ['getter', ['get', 'read', 'fetch', 'load']],
  ['setter', ['set', 'update', 'write']],
  ['hook', ['use']],
  ['parser', ['parse', 'read', 'decode']],
  ['validator', ['validate', 'check', 'assert', 'parse', 'is']],
  ['check', ['is', 'has', 'assert', 'check']],
  ['handler', ['handle', 'on']],
  ['converter', ['to', 'from', 'convert']],
  ['sender', ['send', 'emit', 'publish']],
]);

/** Words people use for what a constant holds. */
const HOLDERS: ReadonlySet<string> = new Set(['table', 'list', 'map', 'constants', 'values', 'defaults']);

/** Words that say only that a definition is meant. */
const FILLER: ReadonlySet<string> = new Set(
  'definition define defined declare declared declaration implement implemented implementation live symbol code source repository repo project'.split(
    ' ',
  ),
);

export function isFiller(word: string): boolean {
  return FILLER.has(word);
}

/** The kinds that a word of a question stands for. */
export function kindsNamedBy(word: string): readonly SymbolKind[] | undefined {
  return (
    KIND_WORDS.get(word) ?? KIND_WORDS.get(word.replace(/(?:es|s)$/, '')) ?? KIND_WORDS.get(word.replace(/s$/, ''))
  );
}

/**
 * How well a definition plays the role that a word names, from 0 to 1: who asks for a parser may mean `parse…`, and who asks for
 * what makes a thing may mean a function that is named like that and gives the thing.
 */
export function roleFit(word: string, others: readonly string[], definition: Definition): number {
  if (HOLDERS.has(word) && definition.kind === 'const') return 0.5;
  const prefixes = ROLE_PREFIXES.get(word);
  if (
    prefixes === undefined ||
    (definition.kind !== 'function' && definition.kind !== 'method' && definition.kind !== 'const')
  )
    return 0;
  const named = prefixes.includes(splitWords(definition.name)[0] ?? '');
  if (!named) return 0;
  if (word !== 'factory' && word !== 'constructor' && word !== 'builder') return 0.8;
  const returned = stems(/\)\s*(?::|->)\s*(?<type>[^{=]+)/.exec(definition.signature)?.groups?.['type'] ?? '');
  return others.some((other) => returned.has(stem(other))) ? 0.9 : 0.5;
}
