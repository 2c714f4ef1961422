import { countLines } from './count-lines.ts';
import { countSymbols } from './count-symbols.ts';
import { findSymbols } from './find-symbols.ts';
import { listFiles } from './list-files.ts';
import { readFile } from './read-file.ts';
import { searchText } from './search-text.ts';
import type { AnyTool } from './tool.ts';

export { ToolInputError, type AnyTool, type Tool, type ToolContext } from './tool.ts';
export { countLines, countSymbols, findSymbols, listFiles, readFile, searchText };

/** Every tool of the agent. */
export const WORKSPACE_TOOLS: readonly AnyTool[] = [
  listFiles,
  searchText,
  readFile,
  countLines,
  findSymbols,
  countSymbols,
];
