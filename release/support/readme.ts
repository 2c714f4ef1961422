import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a page. */
export interface Example {
  /** What stands behind the fence: `ts`, `tsx`, `js`, `sh`. */
  readonly language: string;
  readonly code: string;
  /** The heading it stands under. */
  readonly heading: string;
}

/** The README of a package, as a reader uses it: what to install, and what to try. */
export class Readme {
  /** The packages that its lines of installation name. */
  readonly installs: readonly string[];
  /** Its examples in their order, the lines of installation left out. */
  readonly examples: readonly Example[];

  constructor(directory: string) {
    const blocks = blocksOf(readFileSync(join(directory, 'README.md'), 'utf8'));
    const isInstall = ({ language, code }: Example): boolean => language === 'sh' && code.startsWith('pnpm add ');
    const words = blocks.filter(isInstall).flatMap(({ code }) => code.trim().split(/\s+/).slice(2));
    if (words.length === 0) throw new Error(`${directory}: the README does not say what to install (pnpm add …)`);
    this.installs = words.filter((word) => !word.startsWith('-'));
    this.examples = blocks.filter((block) => !isInstall(block));
  }

  get first(): Example {
    const [first] = this.examples;
    if (first === undefined) throw new Error('the README has no example');
    return first;
  }

  /** The first example under a heading. */
  under(heading: string): Example {
    const found = this.examples.find((example) => example.heading === heading);
    if (found === undefined) throw new Error(`the README has no example under '${heading}'`);
    return found;
  }
}

function blocksOf(text: string): readonly Example[] {
  const blocks: Example[] = [];
  let heading = '';
  for (const [part, title, language, code = ''] of text.matchAll(/^#+ ([^\n]+)$|^```(\w+)[^\n]*\n(.*?)^```$/gms)) {
    if (part.startsWith('#')) heading = title ?? '';
    else blocks.push({ language: language ?? '', code, heading });
  }
  return blocks;
}
