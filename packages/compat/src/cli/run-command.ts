import { parseArgs } from 'node:util';
import { migrateCommand } from './migrate-command.ts';
import { EXIT, type ExitCode, type Output } from './output.ts';
import { scanCommand } from './scan-command.ts';

const USAGE = `Usage:
  npx @ws/compat scan PATH… [--strict] [--json] [--from NAME]…
      lists legacy uses with file, line and code
  npx @ws/compat migrate PATH… [--dry-run] [--from NAME]…
      rewrites them to canonical ones, prints the changes, and marks with "// ws-compat:" what has to be done by hand

  --strict     scan: end with 1 if there are any
  --json       scan: one JSON array instead of lines
  --dry-run    migrate: print the changes and write nothing
  --from NAME  also take NAME for the first system: a package, a path as it is imported, or a folder that relative imports lead to

Exit code: 0 nothing is left; 1 uses are left (scan: with --strict only); 2 not understood, or a file could not be read`;

/** Runs a command line, and returns its exit code. */
export function runCommand(args: readonly string[], output: Output): ExitCode {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        strict: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        from: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      output.out(USAGE);
      return EXIT.OK;
    }
    const [command, ...paths] = positionals;
    if (command === 'scan' && paths.length > 0) return scanCommand(paths, values, output);
    if (command === 'migrate' && paths.length > 0) {
      return migrateCommand(paths, { dryRun: values['dry-run'], from: values.from }, output);
    }
    output.err(command === 'scan' || command === 'migrate' ? `${command}: give it a file or a folder` : USAGE);
    return EXIT.FAILED;
  } catch (error) {
    output.err(error instanceof Error ? error.message : String(error));
    return EXIT.FAILED;
  }
}
