import type { Modes } from '../modes/modes.ts';
import type { Revocations } from '../shared/revocations.ts';
import type { ResolvedHubOptions } from '../hub/resolve-hub-options.ts';
import type { UserMessages } from '../hub/user-messages.ts';
import type { UnifiedWebSocketManager } from '../manager.ts';
import type { IdSource } from '../random.ts';
import type { RunRegistry } from '../run/run-registry.ts';
import type { StreamKey } from '../stream-key.ts';
import type { UserStream } from '../stream/user-stream.ts';
import type { UserContext } from '../user-context.ts';
import type { Authorization } from './authorization.ts';
import type { ConnectionServices } from './connection-services.ts';
import type { Session } from './session.ts';

/** What a session needs of its hub. */
export interface SessionServices extends ConnectionServices {
  readonly ids: IdSource;
  readonly options: ResolvedHubOptions;
  readonly userMessages: UserMessages;
  readonly runs: Pick<RunRegistry, 'find' | 'known'>;
  readonly authorization: Authorization;
  readonly revocations: Pick<Revocations, 'learned' | 'load' | 'refusalOf'>;
  readonly modes: Pick<Modes, 'modeFor'>;
  manager(context: UserContext): UnifiedWebSocketManager;
  stream(key: StreamKey): UserStream;
  sessionAuthenticated(session: Session): void;
  sessionEnded(session: Session): void;
}
