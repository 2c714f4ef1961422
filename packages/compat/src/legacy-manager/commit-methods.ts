import type { UnifiedWebSocketManager } from '@ws/core';
import { WebSocketError } from '@ws/types';
import type { LegacyReceipt } from '../legacy-emit/emit-legacy.ts';
import type { LegacyMessage } from '../legacy-emit/legacy-event.ts';
import { sendEvent } from './emit-methods.ts';

type Manager = UnifiedWebSocketManager;

/** Tells when the transaction that is under way has committed. */
export interface TransactionCoordinator {
  whenCommitted(): Promise<unknown>;
}

const coordinators = new WeakMap<Manager, TransactionCoordinator>();

export const commitMethods = {
  /**
   * Emits once `commit` is fulfilled, or what the coordinator waits for; not at all if that is rejected.
   *
   * @throws `INVALID_OPTION` without either
   * @deprecated WSDEP339: use `manager.emit` after the commit. Removed in 2.0.0.
   */
  async sendEventAfterCommit(
    this: Manager,
    userId: string,
    type: string,
    data: LegacyMessage,
    commit?: Promise<unknown>,
  ): Promise<LegacyReceipt> {
    const committed = commit ?? coordinators.get(this)?.whenCommitted();
    if (committed === undefined) {
      const message = 'sendEventAfterCommit: give the promise of the commit, or set a transaction coordinator first';
      throw new WebSocketError('INVALID_OPTION', message);
    }
    await committed;
    return sendEvent(this, userId, type, data, 'sendEventAfterCommit');
  },

  /** @deprecated WSDEP340: use `manager.emit` after the commit. Removed in 2.0.0. */
  setTransactionCoordinator(this: Manager, coordinator: TransactionCoordinator | null): void {
    if (coordinator === null) coordinators.delete(this);
    else coordinators.set(this, coordinator);
  },

  /** @deprecated WSDEP341: use `manager.emit` after the commit. Removed in 2.0.0. */
  isCoordinationEnabled(this: Manager): boolean {
    return coordinators.has(this);
  },
};
