import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHub, UnifiedWebSocketManager } from '@ws/core';
import { describe, expect, it } from 'vitest';
import {
  createTestFallbackManager,
  createTestUserContext,
  getManager,
  getProtocolDocumentation,
  WebSocketManagerProtocolValidator,
} from '../../src/index.ts';
import * as imports from '../../src/legacy-modules/canonical_imports.ts';
import * as registry from '../../src/legacy-modules/unified_manager.ts';
import { MAX_CONNECTIONS_PER_USER } from '../../src/legacy-modules/websocket_manager.ts';
import { FakeSocket } from '@ws/core/testing';
import { quietWarnings } from '../support/quiet-warnings.ts';

quietWarnings();

describe('health', () => {
  it('is that of the hub, and not always good', async () => {
    const hub = createHub();
    expect(imports.checkWebsocketServiceAvailable(hub)).toBe(true);
    expect(await imports.validateWebsocketComponentHealth(hub)).toMatchObject({
      healthy: true,
      mode: 'unified',
      hub: { ready: true },
    });
    await hub.close();
    expect(imports.checkWebsocketServiceAvailable(hub)).toBe(false);
    expect(await imports.checkWebsocketServiceAvailableAsync(hub)).toBe(false);
    expect(await imports.validateWebsocketComponentHealth(hub)).toMatchObject({ healthy: false, log_reachable: false });
  });

  it('is asked of the default hub where none is given', async () => {
    expect(imports.checkWebsocketServiceAvailable()).toBe(true);
    expect(await imports.checkWebsocketServiceAvailableAsync()).toBe(true);
  });
});

describe('the registry', () => {
  it('tells what legacy names gave out, and what a hub holds', () => {
    registry.resetManagerRegistry();
    const hub = createHub();
    const held = [
      getManager({ userId: 'alice' }, hub),
      getManager({ userId: 'bob' }, hub),
      getManager({ userId: 'alice' }, hub),
    ];
    expect(registry.getManagerRegistryStatus()).toEqual({ managers: 2, users: 2 });
    expect(new registry.RegistryCompat(hub).getStatus()).toMatchObject({ managers: 2, hub: { connections: 0 } });
    expect(registry.validateNoDuplicateManagersForUser('alice')).toBe(true);
    expect(new registry.WebSocketManagerRegistry(hub).getManager({ userId: 'alice' })).toBe(held[0]);
  });

  it('notices a second manager of a user: two hubs do not know each other', () => {
    const held = [createHub(), createHub()].map((hub) => getManager({ userId: 'twice' }, hub));
    expect(registry.validateNoDuplicateManagersForUser('twice')).toBe(false);
    expect(held).toHaveLength(2);
  });

  it('has the limit of the hub', async () => {
    const hub = createHub();
    const sockets = Array.from({ length: MAX_CONNECTIONS_PER_USER + 1 }, () => {
      const socket = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
      socket.say({ type: 'hello' });
      return socket;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sockets.filter(({ closedWith }) => closedWith !== undefined)).toEqual([sockets[0]]);
    await hub.close();
  });
});

describe('names for tests', () => {
  it('give real managers on a hub of their own', async () => {
    const manager = createTestFallbackManager(createTestUserContext('alice'));
    expect(manager).toBeInstanceOf(UnifiedWebSocketManager);
    await manager.emitCriticalEvent('alice', 'agent_started', { agent_name: 'a' });
    expect((await createTestFallbackManager(createTestUserContext('alice')).history()).events).toEqual([]);
    expect(createTestUserContext().userId).not.toBe(createTestUserContext().userId);
  });
});

describe('protocol and guides', () => {
  it('validates what a manager has', () => {
    expect(WebSocketManagerProtocolValidator.validate(getManager({ userId: 'alice' }, createHub()))).toEqual({
      compliant: true,
      missing: [],
    });
    expect(WebSocketManagerProtocolValidator.validate({ emit: 1 }).missing).toContain('attach');
    expect(WebSocketManagerProtocolValidator.validate(null).compliant).toBe(false);
    expect(getProtocolDocumentation()).toContain('sendToUser: now `manager.emit`');
  });

  it('guides by the table', () => {
    expect(imports.getMigrationGuide()).toBe(imports.MIGRATION_GUIDE);
    expect(imports.MIGRATION_GUIDE['sendToUser']).toBe('`manager.emit`');
    expect(imports.getCanonicalImportGuide()['getManager']).toBe("import { getWebSocketManager } from '@ws/core';");
  });

  it('scans a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ws-compat-usage-'));
    writeFileSync(join(folder, 'a.ts'), "import { getManager } from '@ws/compat';\n");
    expect(await imports.validateCanonicalImportUsage(folder)).toMatchObject({
      isCanonical: false,
      uses: [{ code: 'WSDEP012' }],
    });
    rmSync(join(folder, 'a.ts'));
    expect(await imports.validateImportPatternUsage(folder)).toEqual({ isCanonical: true, uses: [] });
    rmSync(folder, { recursive: true });
  });
});
