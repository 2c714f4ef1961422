import { createHub, getWebSocketManager, UnifiedWebSocketManager } from '@ws/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { adaptManagerForLegacyCode, getManager, WebSocketManager, type LegacyManager } from '../../src/index.ts';
import type * as classes from '../../src/legacy-classes.ts';
import type * as protocols from '../../src/protocols/manager-protocol.ts';
import { eventsOf } from '../support/legacy-world.ts';
import { quietWarnings } from '../support/quiet-warnings.ts';

quietWarnings();

/** Legacy code as it was written: a field of the class, and the old methods called on it. */
class ChatService {
  private readonly manager: WebSocketManager;

  constructor(manager: WebSocketManager) {
    this.manager = manager;
  }

  async greet(userId: string): Promise<void> {
    await this.manager.sendToUser(userId, { type: 'greeting', data: { text: 'hello' } });
    await this.manager.send_to_user(userId, { type: 'greeting', data: { text: 'hello again' } });
  }

  get isIdle(): boolean {
    return !this.manager.isUserConnected() && this.manager.get_connection_count() === 0;
  }
}

describe('a field typed WebSocketManager', () => {
  it('has the old methods in both spellings, and they work', async () => {
    const manager = getManager({ userId: 'alice' }, createHub());
    const service = new ChatService(manager);
    await service.greet('alice');
    expect(service.isIdle).toBe(true);
    expect((await eventsOf(manager)).map(({ payload }) => payload)).toEqual([
      { text: 'hello' },
      { text: 'hello again' },
    ]);
  });

  it('takes a manager of the canonical factory once it was adapted, and not before', async () => {
    const canonical = getWebSocketManager({ userId: 'alice' }, createHub());
    // @ts-expect-error -- It has no old methods: the type checker says what would fail when it runs.
    expect(() => new ChatService(canonical).isIdle).toThrow(TypeError);
    expect(new ChatService(adaptManagerForLegacyCode(canonical)).isIdle).toBe(true);
  });

  it('is the same class at run time', () => {
    expect(WebSocketManager).toBe(UnifiedWebSocketManager);
    expectTypeOf<typeof WebSocketManager>().toEqualTypeOf<typeof UnifiedWebSocketManager>();
    expectTypeOf<WebSocketManager>().toExtend<UnifiedWebSocketManager>();
  });
});

type EachIsLegacy<List extends readonly unknown[]> = { [Index in keyof List]: LegacyManager };

it('each name of the manager has the old methods in its declared type', () => {
  type Names = [
    classes.WebSocketManager,
    classes._UnifiedWebSocketManagerImplementation,
    classes.WebSocketConnectionManager,
    classes.WebSocketManagerCanonical,
    classes.IsolatedWebSocketManager,
    classes.WebSocketManagerAdapter,
    classes.WebSocketRecoveryManager,
    classes.ErrorRecoveryHandler,
    classes.ReconnectionHandler,
    classes.WebSocketReconnectionHandler,
    classes.StateSynchronizationManager,
    classes.ConnectionExecutor,
    classes.BroadcastManager,
    classes.BroadcastCore,
    protocols.WebSocketManagerProtocol,
    protocols.WebSocketManagerInterface,
    protocols.WebSocketProtocol,
  ];
  expectTypeOf<Names>().toEqualTypeOf<EachIsLegacy<Names>>();
});
