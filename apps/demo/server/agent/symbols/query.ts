import { isFiller, kindsNamedBy } from './concepts.ts';
import type { SymbolKind } from './definition.ts';
import { contentWords, stem } from './words.ts';

/** A word of the question. */
export interface Wanted {
  readonly word: string;
  readonly stem: string;
}

/** What a query for definitions asks for. */
export interface Query {
  readonly wanted: readonly Wanted[];
  /** Kinds it names: "the … class". */
  readonly kinds: readonly SymbolKind[];
  /** Names it gives as they are. */
  readonly identifiers: ReadonlySet<string>;
}

export function parseQuery(text: string): Query {
  const { words, kinds } = readWords(text);
  return { wanted: words.map((word) => ({ word, stem: stem(word) })), kinds, identifiers: identifiersIn(text, words) };
}

function readWords(query: string): { words: string[]; kinds: SymbolKind[] } {
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

/** Names that a query gives as they are: what looks like an identifier, or the only word there is. */
function identifiersIn(query: string, words: readonly string[]): ReadonlySet<string> {
  const tokens = query.match(/#?[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
  const only = words.length === 1 ? words[0] : undefined;
  return new Set(
    tokens.filter((token) => /\p{Ll}\p{Lu}|[_$]/u.test(token) || (only !== undefined && token.toLowerCase() === only)),
  );
}
