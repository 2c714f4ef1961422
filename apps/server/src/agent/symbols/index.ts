export { SYMBOL_KINDS, type Definition, type SymbolKind } from './definition.ts';
export { findDefinitions } from './find-definitions.ts';
export { SOURCE_GLOB } from './languages.ts';
export { rankDefinitions, type RankedDefinition } from './rank.ts';
export { contentWords, splitWords, stem } from './words.ts';
