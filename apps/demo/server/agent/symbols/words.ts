const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an the of in on at to for from by with and or is are was be been do does did has have it its this that these those there ' +
    'here what which who whom whose where when why how i you we they me my your our can could would should will please tell ' +
    'give show find get all any some every each about into as if not no so than then just also only'
  ).split(' '),
);

/** Splits an identifier, a path or a sentence into lower-case words: `getHTTPServer_v2` gives get, http, server, v2. */
export function splitWords(text: string): string[] {
  return text
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Words of a question that say something: without articles, pronouns and the like. */
export function contentWords(text: string): string[] {
  return splitWords(text).filter((word) => !STOP_WORDS.has(word));
}

/** Cuts the endings that English adds, so that `factories` meets `factory` and `connected` meets `connection`. */
export function stem(word: string): string {
  if (word.length <= 3) return word;
  const plain = word
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x|z)es$/, '$1')
    .replace(/([^s])s$/, '$1');
  const cut = plain.replace(/(?:at(?:ions?|e|ed|es|ing|ors?)|ions?|ings?|ers?|ors?|ed|ments?|ly)$/, '');
  const root = cut.length >= 3 ? cut : plain;
  return root.replace(/([^aeiou])\1$/, '$1').replace(/e$/, '');
}

/** The stems of a text, each once. */
export function stems(text: string): Set<string> {
  return new Set(splitWords(text).map(stem));
}
