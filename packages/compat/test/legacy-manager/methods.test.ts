import { createHub, getWebSocketManager, UnifiedWebSocketManager } from '@ws/core';
import { describe, expect, it } from 'vitest';
import { adaptManagerForLegacyCode, getManager } from '../../src/index.ts';
import { getWebSocketManagerFactory } from '../../src/legacy-modules/canonical_imports.ts';
import { snakeCase } from '../../src/snake-case.ts';
import { LEGACY_METHODS } from '../../src/table/legacy-methods.ts';
import { COMPAT_METHODS } from '../support/compat-methods.ts';
import { quietWarnings } from '../support/quiet-warnings.ts';

quietWarnings();

const context = { userId: 'alice' };

it('the table has the methods of the design, no more and no fewer', () => {
  expect(Object.keys(LEGACY_METHODS).sort()).toEqual([...COMPAT_METHODS].sort());
});

describe('an adapted manager', () => {
  it.each(COMPAT_METHODS)('has %s in both spellings', (name) => {
    const manager: object = getManager(context, createHub());
    for (const spelled of [name, snakeCase(name)]) {
      const method: unknown = Reflect.get(manager, spelled);
      expect(method).toBeTypeOf('function');
      expect(method).toHaveProperty('name', spelled);
    }
  });

  it('is the canonical manager itself, and an instance of its class', () => {
    const hub = createHub();
    const canonical = getWebSocketManager(context, hub);
    const adapted = adaptManagerForLegacyCode(canonical);
    expect(adapted).toBe(canonical);
    expect(getManager(context, hub)).toBe(canonical);
    expect(adapted).toBeInstanceOf(UnifiedWebSocketManager);
    expect(adapted.constructor).toBe(UnifiedWebSocketManager);
    expect(Object.keys(adapted)).not.toContain('sendToUser');
  });

  it('leaves the class and the managers of others as they are', () => {
    const hub = createHub();
    getManager(context, hub);
    expect(getWebSocketManager({ userId: 'bob' }, hub)).not.toHaveProperty('sendToUser');
    expect(UnifiedWebSocketManager.prototype).not.toHaveProperty('sendToUser');
  });
});

describe('the old factory', () => {
  it('honours maxManagersPerUser', () => {
    const factory = getWebSocketManagerFactory({ maxManagersPerUser: 2, hub: createHub() });
    const first = factory.createManager(context);
    const second = factory.createManager({ ...context, mode: 'isolated', threadId: 't1' });
    expect(factory.create_manager(context)).toBe(first);
    expect(factory.createManager({ ...context, mode: 'isolated', threadId: 't1' })).toBe(second);
    expect(() => factory.createManager({ ...context, mode: 'isolated', threadId: 't2' })).toThrow(/maxManagersPerUser/);
    expect(factory.createManager({ userId: 'bob' })).not.toBe(first);
  });

  it('refuses a limit that can’t be one', () => {
    expect(() => getWebSocketManagerFactory({ maxManagersPerUser: 0 })).toThrow(/whole number/);
  });
});
