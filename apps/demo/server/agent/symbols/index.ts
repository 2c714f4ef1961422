export { SYMBOL_KINDS, type Definition } from './definition.ts';
export { findDefinitions } from './find-definitions.ts';
export { SOURCE_GLOB } from './languages.ts';
export { rankDefinitions } from './rank.ts';
export { contentWords, splitWords, stem } from './words.ts';
