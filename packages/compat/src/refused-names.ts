import { countUse } from './deprecated-use.ts';
import { deprecationMessage, MigrationError } from './migration-error.ts';
import type { REFUSED_NAMES } from './table/refused-names.ts';

/** Throws for a use of a name that can't work any more, saying what to use. */
function refuse(name: keyof typeof REFUSED_NAMES): never {
  const entry = countUse(name);
  throw new MigrationError(deprecationMessage(entry, name), entry.code);
}

/** @deprecated WSDEP032: use `authenticate` of `hub.accept`. Removed in 2.0.0. */
export class AuthenticationWebSocketEmitter {
  constructor(..._args: readonly unknown[]) {
    refuse('AuthenticationWebSocketEmitter');
  }
}

/** @deprecated WSDEP060: use the hub options `heartbeatMs` and `maxLagMs`. Removed in 2.0.0. */
export class WebSocketHeartbeat {
  constructor(..._args: readonly unknown[]) {
    refuse('WebSocketHeartbeat');
  }
}

/** @deprecated WSDEP061: use the hub options `heartbeatMs` and `maxLagMs`. Removed in 2.0.0. */
export class WebSocketHeartbeatManager {
  constructor(..._args: readonly unknown[]) {
    refuse('WebSocketHeartbeatManager');
  }
}

/** @deprecated WSDEP062: use the hub options `heartbeatMs` and `maxLagMs`. Removed in 2.0.0. */
export class ZombieDetectionEngine {
  constructor(..._args: readonly unknown[]) {
    refuse('ZombieDetectionEngine');
  }
}

/** @deprecated WSDEP066: use the hub option `onUserMessage`. Removed in 2.0.0. */
export class MessageRouter {
  constructor(..._args: readonly unknown[]) {
    refuse('MessageRouter');
  }
}

/** @deprecated WSDEP067: use the hub option `onUserMessage`. Removed in 2.0.0. */
export class WebSocketMessageRouter {
  constructor(..._args: readonly unknown[]) {
    refuse('WebSocketMessageRouter');
  }
}

/** @deprecated WSDEP068: use the hub option `onUserMessage`. Removed in 2.0.0. */
export class UnifiedMessageRouter {
  constructor(..._args: readonly unknown[]) {
    refuse('UnifiedMessageRouter');
  }
}

/** @deprecated WSDEP069: use the hub option `onUserMessage`. Removed in 2.0.0. */
export class CanonicalMessageRouter {
  constructor(..._args: readonly unknown[]) {
    refuse('CanonicalMessageRouter');
  }
}

/** @deprecated WSDEP070: use the hub option `onUserMessage`. Removed in 2.0.0. */
export function createRouter(..._args: readonly unknown[]): never {
  return refuse('createRouter');
}

/** @deprecated WSDEP071: use the hub option `onUserMessage`. Removed in 2.0.0. */
export function getMessageRouter(..._args: readonly unknown[]): never {
  return refuse('getMessageRouter');
}

/** @deprecated WSDEP072: use the hub option `onUserMessage`. Removed in 2.0.0. */
export function createMessageRouter(..._args: readonly unknown[]): never {
  return refuse('createMessageRouter');
}

/** @deprecated WSDEP073: use `authenticate` of `hub.accept`. Removed in 2.0.0. */
export class WebSocketAuthenticator {
  constructor(..._args: readonly unknown[]) {
    refuse('WebSocketAuthenticator');
  }
}

/** @deprecated WSDEP074: use `authenticate` of `hub.accept`. Removed in 2.0.0. */
export class WebSocketAuth {
  constructor(..._args: readonly unknown[]) {
    refuse('WebSocketAuth');
  }
}

/** @deprecated WSDEP075: use `authenticate` of `hub.accept`. Removed in 2.0.0. */
export class UnifiedWebSocketAuth {
  constructor(..._args: readonly unknown[]) {
    refuse('UnifiedWebSocketAuth');
  }
}

/** @deprecated WSDEP076: use `authenticate` of `hub.accept`. Removed in 2.0.0. */
export class UnifiedWebSocketAuthenticator {
  constructor(..._args: readonly unknown[]) {
    refuse('UnifiedWebSocketAuthenticator');
  }
}

/** @deprecated WSDEP091: use `createHub` with the fakes of `@ws/core/testing`. Removed in 2.0.0. */
export class MockWebSocketManagerFactory {
  constructor(..._args: readonly unknown[]) {
    refuse('MockWebSocketManagerFactory');
  }
}

/** @deprecated WSDEP092: use `manager.attach` and `connection.close`. Removed in 2.0.0. */
export class ConnectionLifecycleManager {
  constructor(..._args: readonly unknown[]) {
    refuse('ConnectionLifecycleManager');
  }
}
