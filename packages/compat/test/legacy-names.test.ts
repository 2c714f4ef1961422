import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as core from '@ws/core';
import * as types from '@ws/types';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as compat from '../src/index.ts';
import { DEPRECATIONS, getManager, WebSocketManager } from '../src/index.ts';

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '..', path), 'utf8');
const exported: Readonly<Record<string, unknown>> = compat;
const classes = DEPRECATIONS.filter(({ kind }) => kind === 'class');
const functions = DEPRECATIONS.filter(({ kind }) => kind === 'function');

// The tests run with --throw-deprecation; what the warnings are like is tested in processes of their own.
beforeEach(() => {
  vi.stubEnv('WS_COMPAT_WARNINGS', 'off');
  return () => vi.unstubAllEnvs();
});

describe('legacy names', () => {
  it.each(classes)('$name is the class of the core itself', ({ name }) => {
    expect(exported[name]).toBe(core.UnifiedWebSocketManager);
  });

  it('a legacy class name is a type as well', () => {
    const manager: WebSocketManager = getManager({ userId: 'alice' }, core.createHub());
    expect(manager).toBeInstanceOf(WebSocketManager);
  });

  it.each(functions)('$name gives the same user the same manager, another user another', async ({ name }) => {
    const hub = core.createHub();
    const legacy = exported[name] as (...args: Parameters<typeof core.getWebSocketManager>) => unknown;
    expect(legacy.name).toBe(name);
    const alice = await legacy({ userId: 'alice' }, hub);
    expect(alice).toBe(core.getWebSocketManager({ userId: 'alice' }, hub));
    expect(await legacy({ userId: 'bob' }, hub)).not.toBe(alice);
  });

  it.each(functions)('$name needs a user context: a shared singleton crossed users', async ({ name }) => {
    const legacy = exported[name] as () => unknown;
    await expect(async () => legacy()).rejects.toMatchObject({ code: 'USER_CONTEXT_REQUIRED' });
  });

  it('async names return promises, the others do not', () => {
    const context = { userId: 'alice' };
    expect(compat.getWebSocketManagerAsync(context)).toBeInstanceOf(Promise);
    expect(compat.createWebSocketManagerAsync(context)).toBeInstanceOf(Promise);
    expect(compat.createWebSocketManager(context)).not.toBeInstanceOf(Promise);
  });

  it('canonical names are those of the core and the types', () => {
    expect(compat.getWebSocketManager).toBe(core.getWebSocketManager);
    expect(compat.UnifiedWebSocketManager).toBe(core.UnifiedWebSocketManager);
    expect(compat.CRITICAL_EVENTS).toBe(types.CRITICAL_EVENTS);
    expect(compat.WebSocketManagerMode).toBe(types.WebSocketManagerMode);
  });
});

describe('the table of deprecations', () => {
  it('holds every exported name but the canonical ones, under codes that never change', () => {
    expect(Object.fromEntries(DEPRECATIONS.map(({ code, name }) => [code, name]))).toEqual({
      WSDEP001: 'WebSocketManager',
      WSDEP002: '_UnifiedWebSocketManagerImplementation',
      WSDEP003: 'WebSocketConnectionManager',
      WSDEP004: 'WebSocketManagerCanonical',
      WSDEP005: 'IsolatedWebSocketManager',
      WSDEP006: 'WebSocketManagerAdapter',
      WSDEP007: 'get_websocket_manager',
      WSDEP008: 'getWebSocketManagerAsync',
      WSDEP009: 'createWebSocketManager',
      WSDEP010: 'create_websocket_manager',
      WSDEP011: 'createWebSocketManagerAsync',
      WSDEP012: 'getManager',
      WSDEP013: 'getUnifiedWebSocketManager',
    });
    const canonical = [
      'CRITICAL_EVENTS',
      'DEPRECATIONS',
      'UnifiedWebSocketManager',
      'WebSocketManagerMode',
      'getDeprecationUsage',
      'getWebSocketManager',
    ];
    expect(Object.keys(compat).sort()).toEqual([...canonical, ...DEPRECATIONS.map(({ name }) => name)].sort());
  });

  it.each(DEPRECATIONS)('$code stands in the JSDoc of $name', ({ code, name, kind, replacement, removal }) => {
    const comment = `/** @deprecated ${code}: use ${replacement}. Removed in ${removal}. */`;
    const source = read(kind === 'class' ? 'src/legacy-classes.ts' : 'src/legacy-factories.ts');
    const declarations = kind === 'class' ? [`const ${name}:`, `type ${name} =`] : [`function ${name}(`];
    for (const declaration of declarations) {
      const line = source.split('\n').findIndex((text) => text.includes(declaration));
      expect(source.split('\n')[line - 1]).toBe(comment);
    }
  });

  it('is the table of the README', () => {
    const rows = DEPRECATIONS.map(
      ({ code, name, kind, replacement, removal }) =>
        `| ${code} | \`${name}\` | ${kind} | ${replacement} | ${removal} |`,
    );
    expect(read('README.md')).toContain(rows.join('\n'));
  });
});
