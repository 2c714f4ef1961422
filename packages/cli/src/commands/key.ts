import { hash, randomBytes } from 'node:crypto';
import { Command, Option } from 'commander';
import { isId } from '@ws/types';
import { EXIT, Failure } from '../failure.ts';
import { several } from '../parse-options.ts';

interface Options {
  readonly name: string;
  readonly scope?: readonly string[];
}

const SCOPES = ['publish', 'read', 'inbox', 'admin'];

export function keyCommand(): Command {
  return new Command('key')
    .description('Make an API key: the key for who is to use it, and its entry for the file of WS_API_KEYS_FILE.')
    .requiredOption('--name <id>', 'what it is called in logs and limits')
    .addOption(
      new Option('--scope <scope>', `what it may do: ${SCOPES.join(', ')}; may be given several times`).argParser(
        several,
      ),
    )
    .addHelpText('after', '\nThe key is printed once and kept nowhere. The file holds its digest alone.')
    .action(makeKey);
}

function makeKey({ name, scope = ['publish'] }: Options): void {
  if (!isId(name)) throw new Failure('--name must be a name without blanks.', EXIT.usage);
  const unknown = scope.find((one) => !SCOPES.includes(one));
  if (unknown !== undefined)
    throw new Failure(`--scope must be one of ${SCOPES.join(', ')}, got ${unknown}`, EXIT.usage);
  const key = randomBytes(32).toString('base64url');
  console.error(`API key ${name}, for who is to use it:`);
  console.log(key);
  console.error('Its entry for the list "keys" of WS_API_KEYS_FILE:');
  console.error(JSON.stringify({ id: name, sha256: hash('sha256', key), scopes: scope }));
}
