import type { UnifiedWebSocketManager } from '@ws/core';
import { deprecationOf, type LegacyName } from '../deprecations.ts';
import { deprecationMessage, MigrationError } from '../migration-error.ts';

type Manager = UnifiedWebSocketManager;

// Background tasks are not the work of a connection manager. Their monitoring deadlocked when it was restarted.
export const taskMethods = {
  /** @deprecated WSDEP342: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  startMonitoredBackgroundTask(this: Manager): never {
    throw refusal('startMonitoredBackgroundTask');
  },

  /** @deprecated WSDEP343: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  stopBackgroundTask(this: Manager): never {
    throw refusal('stopBackgroundTask');
  },

  /** @deprecated WSDEP344: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  getBackgroundTaskStatus(this: Manager): never {
    throw refusal('getBackgroundTaskStatus');
  },

  /** @deprecated WSDEP345: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  enableBackgroundMonitoring(this: Manager): never {
    throw refusal('enableBackgroundMonitoring');
  },

  /** @deprecated WSDEP346: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  restartBackgroundMonitoring(this: Manager): never {
    throw refusal('restartBackgroundMonitoring');
  },

  /** @deprecated WSDEP347: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  shutdownBackgroundMonitoring(this: Manager): never {
    throw refusal('shutdownBackgroundMonitoring');
  },
};

function refusal(name: LegacyName): MigrationError {
  const entry = deprecationOf(name);
  return new MigrationError(deprecationMessage(entry, name), entry.code);
}
