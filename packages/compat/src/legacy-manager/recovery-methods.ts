import type { UnifiedWebSocketManager } from '@ws/core';

type Manager = UnifiedWebSocketManager;

// The queues of the first system are gone: what a client missed is in the log, and its resume brings it.
export const recoveryMethods = {
  /** @deprecated WSDEP335: use resume from the log. Removed in 2.0.0. */
  async processRecoveryQueue(this: Manager, _userId?: string): Promise<number> {
    return 0;
  },

  /** @deprecated WSDEP336: use resume from the log. Removed in 2.0.0. */
  async attemptMessageRecovery(this: Manager, _userId?: string): Promise<number> {
    return 0;
  },

  /** @deprecated WSDEP337: use resume from the log. Removed in 2.0.0. */
  async cleanupErrorData(this: Manager): Promise<number> {
    return 0;
  },

  /** @deprecated WSDEP338: use resume from the log. Removed in 2.0.0. */
  detectQueueOverflow(this: Manager, _userId?: string): boolean {
    return false;
  },
};
