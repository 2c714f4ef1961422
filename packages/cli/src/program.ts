import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { configCommand } from './commands/config.ts';
import { doctorCommand } from './commands/doctor.ts';
import { keyCommand } from './commands/key.ts';
import { loadCommand } from './commands/load.ts';
import { publishCommand } from './commands/publish.ts';
import { serveCommand } from './commands/serve.ts';
import { tailCommand } from './commands/tail.ts';
import { tokenCommand } from './commands/token.ts';

/** The command `ws` with all that it can do. Throws `CommanderError` where it is misused, and for `--help`. */
export function createProgram(): Command {
  const program = new Command('ws')
    .description('Serve agent event streams, and look into them.')
    .version(version(), '-V, --version', 'print the version')
    .showHelpAfterError('(ws --help says what there is)')
    .configureHelp({ showGlobalOptions: true });
  const commands = [
    serveCommand(),
    tailCommand(),
    publishCommand(),
    tokenCommand(),
    keyCommand(),
    configCommand(),
    doctorCommand(),
    loadCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  // A wrong word is an error that is thrown, not an exit in the middle of a library.
  for (const command of [program, ...commands]) command.exitOverride();
  return program;
}

function version(): string {
  // Beside the sources as beside what is built of them.
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
