import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The Node that the machine has, and not the one that the workspace brings: what a user of the packages may run. */
export function machineNode(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const found = folders.map((folder) => join(folder, 'node')).find(isProgram);
  if (found === undefined) throw new Error('the machine has no Node');
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
