import { Command, Option } from 'commander';
import { SignJWT } from 'jose';
import { isUserId } from '@ws/types';
import { call } from '../api/call.ts';
import { EXIT, Failure } from '../failure.ts';
import { duration, several } from '../parse-options.ts';
import { readServer, withServer } from '../server-options.ts';

interface Options {
  readonly url: string;
  readonly user: string;
  readonly ttl: number;
  readonly thread?: readonly string[];
}

export function tokenCommand(): Command {
  const command = new Command('token')
    .description('Print a token for a user: signed with WS_JWT_SECRET, or given by a service in development mode.')
    .requiredOption('--user <id>', 'who it is for')
    .addOption(
      new Option('--ttl <time>', 'how long it is good: 30s, 15m, 8h, 7d').argParser(duration).default(3_600, '1h'),
    )
    .option('--thread <id>', 'only this thread may be seen with it; may be given several times', several)
    .addHelpText(
      'after',
      '\nWith WS_JWT_SECRET set it is signed here, with the first of WS_JWT_ISSUER and WS_JWT_AUDIENCE where they are set.',
    )
    .action(printToken);
  return withServer(command);
}

async function printToken(options: Options, command: Command): Promise<void> {
  if (!isUserId(options.user))
    throw new Failure("--user must be an id without blanks, and neither '.' nor '..'.", EXIT.usage);
  const secret = process.env['WS_JWT_SECRET'];
  if (secret !== undefined && secret !== '') return console.log(await signed(options, secret));
  if (command.getOptionValueSource('ttl') === 'cli') {
    throw new Failure('--ttl needs WS_JWT_SECRET: tokens of development mode are good for an hour.', EXIT.usage);
  }
  console.log(await developmentToken(options));
}

async function signed({ user, ttl, thread }: Options, secret: string): Promise<string> {
  const token = new SignJWT(thread === undefined ? {} : { threads: thread })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${ttl} seconds`);
  const issuer = firstOf('WS_JWT_ISSUER');
  const audience = firstOf('WS_JWT_AUDIENCE');
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
}

async function developmentToken({ user, thread, ...options }: Options): Promise<string> {
  const body = { user_id: user, ...(thread === undefined ? {} : { threads: thread }) };
  // The service that was asked answers in the form of the protocol.
  const { token } = (await call(readServer(options), '/dev/token', body)) as { token: string };
  return token;
}

function firstOf(variable: string): string | undefined {
  return process.env[variable]?.split(',')[0]?.trim() || undefined;
}
