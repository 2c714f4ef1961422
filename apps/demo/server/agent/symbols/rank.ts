import { roleFit } from './concepts.ts';
import type { Definition, SymbolKind } from './definition.ts';
import { parseQuery, type Wanted } from './query.ts';
import { splitWords, stem, stems } from './words.ts';

interface RankedDefinition {
  readonly definition: Definition;
  /** How much of the question the definition answers: 1 is all of it, more than 1 its very name. */
  readonly score: number;
}

const EXACT_NAME = 2;
const EXACT_NAME_BUT_FOR_CASE = 1.8;
const WORTH = { name: 1, path: 0.55, summary: 0.5, doc: 0.3 } as const;
/** A definition whose name says nothing of what was asked for is rarely it. */
const NAMELESS = 0.7;

/** A path where things are tried out rather than defined. */
const ASIDE =
  /(?:^|\/)(?:tests?|__tests__|e2e|fixtures?|examples?|bench(?:es|marks?)?|mocks?)\/|\.(?:test|spec|test-d|bench)\.\w+$|(?:^|\/)test_/i;

/** A path where old names are kept alive for those who still use them. */
const BYGONE = /(?:^|\/)(?:compat|legacy|deprecated)[^/]*\//i;

interface Indexed {
  readonly definition: Definition;
  /** Words of the name as they stand. */
  readonly words: readonly string[];
  /** Their stems, and those of neighbours written as one: `WebSocket` is found as "websocket" too. */
  readonly name: ReadonlySet<string>;
  readonly path: ReadonlySet<string>;
  /** First sentence of the comment. */
  readonly summary: ReadonlySet<string>;
  readonly doc: ReadonlySet<string>;
}

/** Orders definitions by how well they answer plain words, best first; those that answer nothing are left out. */
export function rankDefinitions(query: string, definitions: readonly Definition[]): RankedDefinition[] {
  const { wanted, kinds, identifiers } = parseQuery(query);
  const words = wanted.map(({ word }) => word);
  const indexed = definitions.map(index);
  const weights = wanted.map(({ stem: each }) => rarity(each, indexed));
  const about = {
    tests: /\b(?:tests?|specs?|fixtures?|examples?)\b/i.test(query),
    bygone: /\b(?:compat\w*|legacy|deprecated|old)\b/i.test(query),
  };

  return indexed
    .map((entry) => {
      const covered = wanted.reduce((sum, { word, stem: each }, at) => {
        const others = words.filter((other) => other !== word);
        return sum + (weights[at] ?? 0) * fit(word, each, others, entry);
      }, 0);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const hits = wanted.filter(({ word, stem: each }) => fit(word, each, [], entry) > 0).length;
      // Some of every word is better than all of one.
      const breadth = wanted.length === 0 ? 0 : 0.6 + (0.4 * hits) / wanted.length;
      const coverage = total === 0 ? 0 : (covered / total) * breadth;
      const named = nameMatch(entry.definition.name, identifiers);
      const base = named > 0 ? named + coverage : coverage * nameFactor(entry, wanted);
      return { definition: entry.definition, score: base * standing(entry.definition, kinds, about) };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || compare(a.definition, b.definition));
}

function nameMatch(name: string, identifiers: ReadonlySet<string>): number {
  if (identifiers.has(name)) return EXACT_NAME;
  const lower = name.toLowerCase();
  return [...identifiers].some((identifier) => identifier.toLowerCase() === lower) ? EXACT_NAME_BUT_FOR_CASE : 0;
}

function index(definition: Definition): Indexed {
  const words = splitWords(definition.name);
  const joined = words.slice(1).map((word, at) => stem(`${words[at] ?? ''}${word}`));
  return {
    definition,
    words,
    name: new Set([...words.map(stem), ...joined]),
    path: stems(definition.path),
    summary: stems(/^.*?[.!?:](?=\s|$)/.exec(definition.doc)?.[0] ?? definition.doc),
    doc: stems(definition.doc),
  };
}

/** Rare words say more than frequent ones. */
function rarity(word: string, indexed: readonly Indexed[]): number {
  const having = indexed.filter(({ name, path, doc }) => name.has(word) || path.has(word) || doc.has(word)).length;
  return 1 + 0.35 * Math.log((1 + indexed.length) / (1 + having));
}

function fit(word: string, stemmed: string, others: readonly string[], entry: Indexed): number {
  const inName = entry.name.has(stemmed) ? WORTH.name : 0;
  const inDoc = entry.summary.has(stemmed) ? WORTH.summary : entry.doc.has(stemmed) ? WORTH.doc : 0;
  const inPath = entry.path.has(stemmed) ? WORTH.path : 0;
  const best = Math.max(inName, inDoc, inPath, roleFit(word, others, entry.definition));
  const hits = [inName, inDoc, inPath].filter((worth) => worth > 0).length;
  return Math.min(1, best + 0.05 * Math.max(0, hits - 1));
}

/**
 * A name with much else in it is less likely to be meant, one without any of it still less, one with the words in the order of the
 * question more, and one of just these words most.
 */
function nameFactor({ name, words }: Indexed, wanted: readonly Wanted[]): number {
  if (!wanted.some((each) => name.has(each.stem))) return NAMELESS;
  const order = words.map(stem);
  const pairs = wanted.slice(1).filter((each, at) => {
    const before = order.indexOf(wanted[at]?.stem ?? '');
    return before >= 0 && order[before + 1] === each.stem;
  });
  const phrase = wanted.length < 2 ? 0 : pairs.length / (wanted.length - 1);
  const all = words.length === wanted.length && phrase === 1;
  const sameForm = all && words.join() === wanted.map(({ word }) => word).join();
  const compact = Math.max(0.75, 1 - 0.04 * Math.max(0, words.length - wanted.length));
  return compact * (1 + 0.1 * phrase + (all ? 0.1 : 0) + (sameForm ? 0.12 : 0));
}

function standing(
  definition: Definition,
  kinds: readonly SymbolKind[],
  about: { readonly tests: boolean; readonly bygone: boolean },
): number {
  let factor = definition.exported || definition.kind === 'method' ? 1 : 0.85;
  if (definition.kind === 'method' || definition.kind === 'const') factor *= 0.93;
  if (!about.tests && ASIDE.test(definition.path)) factor *= 0.5;
  if (!about.bygone && BYGONE.test(definition.path)) factor *= 0.5;
  if (/@?\bdeprecated\b/i.test(definition.doc)) factor *= 0.5;
  if (kinds.length > 0) factor *= kinds.includes(definition.kind) ? 1.15 : 0.7;
  return factor;
}

function compare(a: Definition, b: Definition): number {
  return a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1;
}
