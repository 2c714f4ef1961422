import { isFiller, kindsNamedBy, roleFit } from './concepts.ts';
import type { Definition, SymbolKind } from './definition.ts';
import { contentWords, stem, stems } from './words.ts';

export interface RankedDefinition {
  readonly definition: Definition;
  /** How much of the question the definition answers: 1 is all of it, more than 1 its very name. */
  readonly score: number;
}

const EXACT_NAME = 2;
const EXACT_NAME_BUT_FOR_CASE = 1.8;
const WORTH = { name: 1, path: 0.55, doc: 0.5 } as const;

/** A path where things are tried out rather than defined. */
const ASIDE =
  /(?:^|\/)(?:tests?|__tests__|e2e|fixtures?|examples?|bench(?:es|marks?)?|mocks?)\/|\.(?:test|spec|test-d|bench)\.\w+$|(?:^|\/)test_/i;

interface Indexed {
  readonly definition: Definition;
  readonly name: ReadonlySet<string>;
  readonly path: ReadonlySet<string>;
  readonly doc: ReadonlySet<string>;
}

/** Orders definitions by how well they answer words such as "manager factory", best first; those that answer nothing are left out. */
export function rankDefinitions(query: string, definitions: readonly Definition[]): RankedDefinition[] {
  const { words, kinds } = readQuery(query);
  const identifiers = identifiersIn(query, words);
  const wanted = words.map((word) => ({ word, stem: stem(word) }));
  const indexed = definitions.map(index);
  const weights = wanted.map(({ stem: each }) => rarity(each, indexed));
  const aboutTests = /\b(?:tests?|specs?|fixtures?|examples?)\b/i.test(query);

  return indexed
    .map((entry) => {
      const covered = wanted.reduce((sum, { word, stem: each }, at) => {
        const others = words.filter((other) => other !== word);
        return sum + (weights[at] ?? 0) * fit(word, each, others, entry);
      }, 0);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const coverage = total === 0 ? 0 : covered / total;
      const named = nameMatch(entry.definition.name, identifiers);
      const base = named > 0 ? named + coverage : coverage * compactness(entry, wanted.length);
      return { definition: entry.definition, score: base * standing(entry.definition, kinds, aboutTests) };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || compare(a.definition, b.definition));
}

/** Names that a query gives as they are: what looks like an identifier, or the only word there is. */
function identifiersIn(query: string, words: readonly string[]): ReadonlySet<string> {
  const tokens = query.match(/#?[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
  const only = words.length === 1 ? words[0] : undefined;
  return new Set(
    tokens.filter((token) => /\p{Ll}\p{Lu}|[_$]/u.test(token) || (only !== undefined && token.toLowerCase() === only)),
  );
}

function nameMatch(name: string, identifiers: ReadonlySet<string>): number {
  if (identifiers.has(name)) return EXACT_NAME;
  const lower = name.toLowerCase();
  return [...identifiers].some((identifier) => identifier.toLowerCase() === lower) ? EXACT_NAME_BUT_FOR_CASE : 0;
}

function readQuery(query: string): { words: string[]; kinds: SymbolKind[] } {
  const kinds: SymbolKind[] = [];
  const words: string[] = [];
  for (const word of new Set(contentWords(query))) {
    const named = kindsNamedBy(word);
    if (named !== undefined) kinds.push(...named);
    else if (!isFiller(word)) words.push(word);
  }
  // "the type" alone asks for something of that name.
  return words.length > 0 ? { words, kinds } : { words: contentWords(query), kinds: [] };
}

function index(definition: Definition): Indexed {
  return {
    definition,
    name: stems(definition.name),
    path: stems(definition.path),
    doc: stems(definition.doc),
  };
}

/** Rare words say more than frequent ones. */
function rarity(word: string, indexed: readonly Indexed[]): number {
  const having = indexed.filter(({ name, path, doc }) => name.has(word) || path.has(word) || doc.has(word)).length;
  return Math.log(1 + indexed.length / (1 + having)) + 0.5;
}

function fit(word: string, stemmed: string, others: readonly string[], entry: Indexed): number {
  const inName = entry.name.has(stemmed) ? WORTH.name : 0;
  const inDoc = entry.doc.has(stemmed) ? WORTH.doc : 0;
  const inPath = entry.path.has(stemmed) ? WORTH.path : 0;
  const best = Math.max(inName, inDoc, inPath, roleFit(word, others, entry.definition));
  const hits = [inName, inDoc, inPath].filter((worth) => worth > 0).length;
  return Math.min(1, best + 0.05 * Math.max(0, hits - 1));
}

/** A name with much else in it is less likely to be meant. */
function compactness(entry: Indexed, wanted: number): number {
  return Math.max(0.75, 1 - 0.04 * Math.max(0, entry.name.size - wanted));
}

function standing(definition: Definition, kinds: readonly SymbolKind[], aboutTests: boolean): number {
  let factor = definition.exported || definition.kind === 'method' ? 1 : 0.85;
  if (definition.kind === 'method' || definition.kind === 'const') factor *= 0.93;
  if (!aboutTests && ASIDE.test(definition.path)) factor *= 0.5;
  if (/@?\bdeprecated\b/i.test(definition.doc)) factor *= 0.5;
  if (kinds.length > 0) factor *= kinds.includes(definition.kind) ? 1.15 : 0.7;
  return factor;
}

function compare(a: Definition, b: Definition): number {
  return a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1;
}
