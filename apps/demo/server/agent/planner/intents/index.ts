import type { Intent } from '../session.ts';
import { about } from './about.ts';
import { linesCounted } from './count-lines.ts';
import { filesCounted, symbolsCounted, testsCounted } from './count-others.ts';
import { commands } from './commands.ts';
import { explain } from './explain.ts';
import { filesListed } from './list-files.ts';
import { longestFiles } from './longest-files.ts';
import { outline } from './outline.ts';
import { search } from './search.ts';
import { showFile } from './show-file.ts';
import { usages } from './usages.ts';
import { whereDefined } from './where-defined.ts';

export { createFallback } from './fallback.ts';
export { createHelp } from './help.ts';

/** The sorts of question that can be answered by rules. The first that fits a question takes it. */
export const INTENTS: readonly Intent[] = [
  usages,
  testsCounted,
  linesCounted,
  filesCounted,
  symbolsCounted,
  longestFiles,
  about,
  commands,
  search,
  outline,
  whereDefined,
  showFile,
  filesListed,
  explain,
];
