import type { Hub } from '@ws/core';
import type { Logger } from 'pino';
import { clientAddressBehind, type ClientAddress } from '../http/client-address.ts';
import type { ApiKeyOptions, ResolvedServerOptions } from '../server-options.ts';
import { API_KEY_FILE } from './api-key-file.ts';
import { ApiKeys, singleApiKey } from './api-keys.ts';
import { checkWithSecrets } from './check-token.ts';
import { openAuthenticators, type TokenAuthenticator } from './authenticator.ts';
import { assertNoForeignPage, DEVELOPMENT_API_KEY } from './development-caller.ts';
import { developmentSecret } from './development-secret.ts';
import { createDevelopmentTokens } from './development-tokens.ts';
import { KeyFiles } from './key-files.ts';
import { Tickets } from './tickets.ts';
import { createTokenVerifier, type TokenRules } from './token-verifier.ts';
import { UserCredentials } from './user-credentials.ts';

/** Who may do what: users by their credentials, back ends by their keys. */
export interface Access {
  readonly credentials: UserCredentials;
  readonly tickets: Tickets;
  readonly apiKeys: ApiKeys;
  /** Only in development mode. */
  readonly developmentTokens: DevelopmentTokens | undefined;
  readonly keyFiles: KeyFiles;
  readonly clientAddress: ClientAddress;
  /** Whether users are known by tokens alone, and never by cookies. */
  readonly tokensOnly: boolean;
}

type DevelopmentTokens = ReturnType<typeof createDevelopmentTokens>;

/** Tokens that the server signs for itself. */
const DEVELOPMENT_RULES: TokenRules = { algorithms: ['HS256'], issuers: [], audiences: [], clockToleranceMs: 5_000 };

/**
 * Opens what the options name.
 *
 * @throws `INVALID_OPTION` for a file of keys that cannot be used
 */
export function openAccess(
  options: ResolvedServerOptions,
  hub: Pick<Hub, 'tickets' | 'assertNotRevoked' | 'issueTime'>,
  logger: Logger,
): Access {
  const keyFiles = new KeyFiles(logger);
  try {
    return openWith(keyFiles, options, hub, logger);
  } catch (error) {
    keyFiles.stop();
    throw error;
  }
}

function openWith(
  keyFiles: KeyFiles,
  options: ResolvedServerOptions,
  hub: Pick<Hub, 'tickets' | 'assertNotRevoked' | 'issueTime'>,
  logger: Logger,
): Access {
  const { development } = options;
  const secret = development === undefined ? undefined : developmentSecret(development.secretFile);
  const rules: TokenRules = { ...DEVELOPMENT_RULES, ...development?.tokens };
  const users = openAuthenticators(secret === undefined ? options.authenticators : [ofDevelopment(secret, rules)], {
    logger,
    keyFiles,
  });
  const tickets = new Tickets(hub, options.ticketConnectionMs);
  const clientAddress = clientAddressBehind(options.trustedProxies);
  return {
    credentials: new UserCredentials({ ...users, tickets, clientAddress, hub }),
    tickets,
    apiKeys: openApiKeys(
      development === undefined ? options.apiKeys : { key: DEVELOPMENT_API_KEY },
      keyFiles,
      development !== undefined,
    ),
    developmentTokens: secret === undefined ? undefined : createDevelopmentTokens(secret, rules, hub),
    keyFiles,
    clientAddress,
    tokensOnly: users.tokensOnly,
  };
}

function ofDevelopment(secret: string, rules: TokenRules): TokenAuthenticator {
  return {
    open: () =>
      createTokenVerifier(
        checkWithSecrets(() => [secret]),
        rules,
      ),
  };
}

function openApiKeys({ key, file: path }: ApiKeyOptions, files: KeyFiles, isDevelopment: boolean): ApiKeys {
  const single = key === undefined ? [] : [singleApiKey(key)];
  const file = path === undefined ? undefined : files.open(path, API_KEY_FILE);
  return new ApiKeys(() => [...single, ...(file?.items ?? [])], isDevelopment ? assertNoForeignPage : undefined);
}
