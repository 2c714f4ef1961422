import type { Hub } from '@ws/core';
import { WebSocketError } from '@ws/types';
import type { Logger } from 'pino';
import { clientAddressBehind, type ClientAddress } from '../http/client-address.ts';
import type { JwtKeys, Settings } from '../settings/index.ts';
import { API_KEY_FILE } from './api-key-file.ts';
import { ApiKeys, singleApiKey } from './api-keys.ts';
import { authenticatorOfTokens, type Authenticator } from './authenticator.ts';
import { assertNoForeignPage } from './development-caller.ts';
import { developmentSecret } from './development-secret.ts';
import { createDevelopmentTokens } from './development-tokens.ts';
import { KeyFiles } from './key-files.ts';
import { openCheckToken } from './open-check-token.ts';
import { Tickets } from './tickets.ts';
import { createTokenVerifier } from './token-verifier.ts';
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
}

type DevelopmentTokens = ReturnType<typeof createDevelopmentTokens>;

/**
 * Reads the keys that the settings name.
 *
 * @param own - authenticates users in place of the check of JWTs
 * @throws `INVALID_OPTION` for a file of keys that cannot be used
 */
export function openAccess(
  settings: Settings,
  hub: Pick<Hub, 'tickets' | 'assertNotRevoked' | 'issueTime'>,
  logger: Logger,
  own: Authenticator | undefined,
): Access {
  const keyFiles = new KeyFiles(logger);
  const { authenticate, developmentTokens } =
    own === undefined
      ? openTokens(settings, hub, keyFiles, logger)
      : { authenticate: own, developmentTokens: undefined };
  const tickets = new Tickets(hub, settings.ticketConnectionMs);
  const clientAddress = clientAddressBehind(settings.trustedProxies);
  return {
    credentials: new UserCredentials({ authenticate, tokensOnly: own === undefined, tickets, clientAddress, hub }),
    tickets,
    apiKeys: openApiKeys(settings, keyFiles),
    developmentTokens,
    keyFiles,
    clientAddress,
  };
}

function openTokens(
  settings: Settings,
  hub: Pick<Hub, 'issueTime'>,
  files: KeyFiles,
  logger: Logger,
): { readonly authenticate: Authenticator; readonly developmentTokens: DevelopmentTokens | undefined } {
  const { jwt, development } = settings;
  const authenticateBy = (keys: JwtKeys): Authenticator =>
    authenticatorOfTokens(createTokenVerifier(openCheckToken(keys, files, logger), jwt));
  if (development) {
    const secret = developmentSecret(settings);
    return {
      authenticate: authenticateBy({ kind: 'secret', secret }),
      developmentTokens: createDevelopmentTokens(secret, jwt, hub),
    };
  }
  if (jwt.keys === undefined) {
    throw new WebSocketError('INVALID_OPTION', 'keys for tokens are missing: set WS_JWT_SECRET, or give authenticate');
  }
  return { authenticate: authenticateBy(jwt.keys), developmentTokens: undefined };
}

function openApiKeys({ apiKey, apiKeysFile, development }: Settings, files: KeyFiles): ApiKeys {
  const single = apiKey === '' ? [] : [singleApiKey(apiKey)];
  const file = apiKeysFile === undefined ? undefined : files.open(apiKeysFile, API_KEY_FILE);
  return new ApiKeys(() => [...single, ...(file?.items ?? [])], development ? assertNoForeignPage : undefined);
}
