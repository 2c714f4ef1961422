import type { Definition } from '../symbols/index.ts';

/** A definition as a result of `find_symbols` gives it. */
export type SymbolMatch = Pick<Definition, 'name' | 'kind' | 'path' | 'line' | 'doc' | 'signature'> & {
  readonly score: number;
};

/** The definition that is meant, and what else could be. */
export interface SymbolChoice {
  readonly best: SymbolMatch;
  /** Other definitions of the same name. */
  readonly same: readonly SymbolMatch[];
  readonly others: readonly SymbolMatch[];
}

/** Below this much of the question, a definition is a guess. */
const CLEAR = 0.45;
/** Others that come this near are named too. */
const NEAR = 0.75;
const MAX_OTHERS = 3;

/** Takes the best of ranked matches, or none if even that one does not clearly fit. */
export function pickBest(matches: readonly SymbolMatch[]): SymbolChoice | undefined {
  const best = matches[0];
  if (best === undefined || best.score < CLEAR) return undefined;
  const near = matches.slice(1).filter(({ score }) => score >= best.score * NEAR);
  return {
    best,
    same: near.filter(({ name }) => name === best.name),
    others: near.filter(({ name }) => name !== best.name).slice(0, MAX_OTHERS),
  };
}

/** One line of a list. */
export function definitionLine({ name, kind, path, line }: SymbolMatch): string {
  return `\`${name}\` (${kind}) in \`${path}:${line}\``;
}
