import type { Definition } from '../symbols/index.ts';

/** A definition as a result of `find_symbols` gives it. */
export type SymbolMatch = Pick<Definition, 'name' | 'kind' | 'path' | 'line' | 'doc' | 'signature'> & {
  readonly score: number;
};

/** The definition that is meant, and what else could be. */
export interface SymbolChoice {
  readonly best: SymbolMatch;
  /** Whether it answers nearly all of the question; otherwise it is only the best there is. */
  readonly sure: boolean;
  /** Other definitions of the same name. */
  readonly same: readonly SymbolMatch[];
  readonly others: readonly SymbolMatch[];
}

/** Below this much of the question, a definition is a guess. */
const CLEAR = 0.45;
/** From here on there is little doubt. */
const SURE = 0.65;
/** Others that come this near are named too. */
const NEAR = 0.75;
const MAX_OTHERS = 3;

/** A name as code writes it: asking for it asks for nothing else. */
const IDENTIFIER = /^#?[\p{L}_$][\p{L}\p{N}_$]*(?:\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}|_)[\p{L}\p{N}_$]*$/u;

/** Takes the best of ranked matches, or none if even that one does not clearly fit what was asked for. */
export function pickBest(subject: string, matches: readonly SymbolMatch[]): SymbolChoice | undefined {
  const best = matches[0];
  if (best === undefined || best.score < CLEAR) return undefined;
  if (IDENTIFIER.test(subject) && best.name.toLowerCase() !== subject.toLowerCase()) return undefined;
  const near = matches.slice(1).filter(({ score }) => score >= best.score * NEAR);
  return {
    best,
    sure: best.score >= SURE,
    same: near.filter(({ name }) => name === best.name),
    others: near.filter(({ name }) => name !== best.name).slice(0, MAX_OTHERS),
  };
}

/** One line of a list. */
export function definitionLine({ name, kind, path, line }: SymbolMatch): string {
  return `\`${name}\` (${kind}) in \`${path}:${line}\``;
}
