import type { Modes } from '../modes/modes.ts';
import type { Revocations } from '../shared/revocations.ts';
import type { TimingSink } from '../observe/metrics.ts';
import type { InboundRates } from '../stream/inbound-limit.ts';
import type { UserMessages } from '../agent/user-messages.ts';
import type { UnifiedWebSocketManager } from '../manager.ts';
import type { IdSource } from '../random.ts';
import type { RunRegistry } from '../agent/run-registry.ts';
import type { StreamKey } from '../stream-key.ts';
import type { UserStream } from '../stream/user-stream.ts';
import type { UserContext } from '../user-context.ts';
import type { Authorization, CheckLimit } from './authorization.ts';
import type { ConnectionServices } from './connection-services.ts';
import type { Session } from './session.ts';

/** What can be chosen of sessions; the options of a hub say what each means. */
interface SessionOptions extends CheckLimit {
  readonly heartbeatMs: number;
  readonly maxMessageBytes: number;
  readonly maxJsonDepth: number;
  readonly maxEventBytes: number;
  readonly outboundBudgetBytes: number;
  readonly inboundRates: InboundRates;
  readonly userInboundRates: InboundRates;
  readonly onTiming: TimingSink | undefined;
}

/** What a session needs of its hub. */
export interface SessionServices extends ConnectionServices {
  readonly ids: IdSource;
  readonly options: SessionOptions;
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
