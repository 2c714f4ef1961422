import type { SymbolKind } from './definition.ts';

/** One way to define something: the group `name` of the pattern is what is defined. */
interface DefinitionRule {
  readonly kind: SymbolKind;
  readonly pattern: RegExp;
}

/** How definitions are found line by line, where no parser is at hand. */
export interface LineRules {
  readonly definitions: readonly DefinitionRule[];
  readonly isExported: (line: string, name: string) => boolean;
}

export interface Language {
  readonly name: string;
  /** Starts of a line that belongs to a comment. */
  readonly comment: RegExp;
  /** Absent if the language is parsed. */
  readonly rules?: LineRules;
  /** Whether definitions can have a documentation string below them, as in Python. */
  readonly docBelow?: boolean;
}

const rule = (kind: SymbolKind, pattern: RegExp): DefinitionRule => ({ kind, pattern });
const SLASHES = /^\s*(?:\/\/|\/\*|\*)/;
const HASH = /^\s*#/;

const typescript: Language = { name: 'TypeScript', comment: SLASHES };

const python: Language = {
  name: 'Python',
  comment: HASH,
  docBelow: true,
  rules: {
    isExported: (line, name) => /^\S/.test(line) && !name.startsWith('_'),
    definitions: [
      rule('function', /^(?:async\s+)?def\s+(?<name>\w+)/),
      rule('method', /^\s+(?:async\s+)?def\s+(?<name>\w+)/),
      rule('class', /^\s*class\s+(?<name>\w+)/),
      rule('const', /^(?<name>[A-Z][A-Z\d_]+)\s*(?::[^=]+)?=(?!=)/),
    ],
  },
};

const go: Language = {
  name: 'Go',
  comment: SLASHES,
  rules: {
    isExported: (_line, name) => /^\p{Lu}/u.test(name),
    definitions: [
      rule('method', /^func\s+\([^)]*\)\s*(?<name>\w+)/),
      rule('function', /^func\s+(?<name>\w+)/),
      rule('interface', /^type\s+(?<name>\w+)\s+interface\b/),
      rule('type', /^type\s+(?<name>\w+)/),
      rule('const', /^(?:const|var)\s+(?<name>\w+)/),
    ],
  },
};

const rust: Language = {
  name: 'Rust',
  comment: SLASHES,
  rules: {
    isExported: (line) => /^\s*pub\b/.test(line),
    definitions: [
      rule(
        'function',
        /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:const\s+|async\s+|unsafe\s+|extern\s+"\w+"\s+)*fn\s+(?<name>\w+)/,
      ),
      rule('class', /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:struct|union)\s+(?<name>\w+)/),
      rule('enum', /^\s*(?:pub(?:\([^)]*\))?\s+)?enum\s+(?<name>\w+)/),
      rule('interface', /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:unsafe\s+)?trait\s+(?<name>\w+)/),
      rule('type', /^\s*(?:pub(?:\([^)]*\))?\s+)?type\s+(?<name>\w+)/),
      rule('const', /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:const|static)\s+(?:mut\s+)?(?<name>[A-Z]\w*)/),
      rule('module', /^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(?<name>\w+)/),
    ],
  },
};

const MODIFIERS = String.raw`^\s*(?:(?:public|protected|private|internal|static|final|abstract|sealed|open|data|partial)\s+)*`;
const jvm: Language = {
  name: 'Java',
  comment: SLASHES,
  rules: {
    isExported: (line) => !/\b(?:private|protected)\b/.test(line),
    definitions: [
      rule('interface', new RegExp(`${MODIFIERS}interface\\s+(?<name>\\w+)`)),
      rule('enum', new RegExp(`${MODIFIERS}enum\\s+(?:class\\s+)?(?<name>\\w+)`)),
      rule('class', new RegExp(`${MODIFIERS}(?:class|record|struct|object)\\s+(?<name>\\w+)`)),
      rule('function', new RegExp(`${MODIFIERS}(?:suspend\\s+)?fun\\s+(?:<[^>]*>\\s*)?(?<name>\\w+)`)),
      rule('method', /^\s+(?:(?:public|protected|private|internal)\s+)(?:[\w<>[\],.?]+\s+){1,5}(?<name>\w+)\s*\(/),
    ],
  },
};

const ruby: Language = {
  name: 'Ruby',
  comment: HASH,
  rules: {
    isExported: () => true,
    definitions: [
      rule('function', /^\s*def\s+(?:self\.)?(?<name>\w+[?!]?)/),
      rule('class', /^\s*class\s+(?<name>[\w:]+)/),
      rule('module', /^\s*module\s+(?<name>[\w:]+)/),
    ],
  },
};

const shell: Language = {
  name: 'Shell',
  comment: HASH,
  rules: {
    isExported: () => true,
    definitions: [rule('function', /^\s*(?:function\s+)?(?<name>[\w-]+)\s*\(\)\s*\{?/)],
  },
};

const c: Language = {
  name: 'C',
  comment: SLASHES,
  rules: {
    isExported: (line) => !/^\s*static\b/.test(line),
    definitions: [
      rule('const', /^\s*#\s*define\s+(?<name>\w+)/),
      rule('class', /^\s*(?:typedef\s+)?(?:struct|class|union)\s+(?<name>\w+)[^;]*$/),
      rule('enum', /^\s*(?:typedef\s+)?enum\s+(?:class\s+)?(?<name>\w+)[^;]*$/),
      rule('function', /^(?!return\b|else\b|typedef\b)[A-Za-z_][\w:<>,*& ]*[ *&](?<name>\w+)\s*\([^;]*$/),
    ],
  },
};

const BY_EXTENSION: ReadonlyMap<string, Language> = new Map(
  (
    [
      [typescript, 'ts tsx mts cts js jsx mjs cjs'],
      [python, 'py pyi'],
      [go, 'go'],
      [rust, 'rs'],
      [jvm, 'java kt kts cs scala'],
      [ruby, 'rb'],
      [shell, 'sh bash'],
      [c, 'c h cc cpp cxx hpp'],
    ] as const
  ).flatMap(([language, extensions]) => extensions.split(' ').map((extension) => [extension, language] as const)),
);

/** A file pattern for every file in which definitions can be found. */
export const SOURCE_GLOB = `*.{${[...BY_EXTENSION.keys()].join(',')}}`;

/** The language of a file, by its extension. */
export function languageOf(path: string): Language | undefined {
  return BY_EXTENSION.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase());
}
