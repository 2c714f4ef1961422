import * as core from '@ws/core';
import * as types from '@ws/types';
import { describe, expect, it } from 'vitest';
import { DEPRECATIONS, deprecationOf, LEGACY_MODULES, MOVED_NAMES } from '../src/deprecations.ts';
import { MigrationError } from '../src/migration-error.ts';
import { COMPAT_TABLE, OLD_TYPES, TYPE_ONLY } from './support/compat-table.ts';
import { legacyModule } from './support/legacy-module.ts';
import { quietWarnings } from './support/quiet-warnings.ts';

quietWarnings();

const context = { userId: 'alice' };
const places = COMPAT_TABLE.flatMap(({ names, modules, becomes }) =>
  names.flatMap((name) => modules.map((module) => ({ name, module, becomes }))),
).filter(({ name }) => !TYPE_ONLY.includes(name));

describe('the design’s table of legacy values', () => {
  it.each(places)('$name is exported by $module', async ({ name, module }) => {
    expect(await legacyModule(module)).toHaveProperty(name);
  });

  it.each(places.filter(({ becomes }) => becomes.includes('same class')))(
    '$name of $module is the very same class',
    async ({ name, module, becomes }) => {
      const canonical = becomes.includes('error') ? core.WebSocketError : core.UnifiedWebSocketManager;
      expect((await legacyModule(module))[name]).toBe(canonical);
    },
  );

  it.each(places.filter(({ becomes }) => becomes.startsWith('call the factory')))(
    '$name of $module gives the same user the same manager, another user another',
    async ({ name, module }) => {
      const hub = core.createHub();
      const legacy = (await legacyModule(module))[name] as (...args: unknown[]) => unknown;
      expect(legacy.name).toBe(name);
      const given: unknown = legacy(context, hub);
      expect(given instanceof Promise).toBe(name.endsWith('Async'));
      expect(await given).toBe(core.getWebSocketManager(context, hub));
      expect(await legacy({ userId: 'bob' }, hub)).not.toBe(await given);
      const without = async (): Promise<unknown> => legacy(undefined, hub);
      await expect(without()).rejects.toMatchObject({ code: 'USER_CONTEXT_REQUIRED' });
    },
  );

  it.each(places.filter(({ becomes }) => becomes.startsWith('throw')))(
    '$name of $module throws a migration error',
    async ({ name, module }) => {
      const refused = (await legacyModule(module))[name] as new () => unknown;
      const use = () => (/^[a-z]/.test(name) ? (refused as unknown as () => void)() : new refused());
      expect(use).toThrow(MigrationError);
      expect(use).toThrow(deprecationOf(name)?.replacement.replaceAll('`', ''));
    },
  );

  it('is all there is: a module exports its names, no more and no fewer', async () => {
    for (const module of LEGACY_MODULES.filter((name) => name !== '.')) {
      const expected = [...DEPRECATIONS, ...MOVED_NAMES].filter(
        (entry) =>
          entry.modules.includes(module) &&
          !('kind' in entry && entry.kind === 'type') &&
          !TYPE_ONLY.includes(entry.name),
      );
      // `ConnectionState` of module `types` is the old enumeration; elsewhere it is a type.
      const names = expected.map(({ name }) => name).concat(module === 'types' ? ['ConnectionState'] : []);
      expect(Object.keys(await legacyModule(module)).sort()).toEqual([...new Set(names)].sort());
    }
  });

  it('has no name that the design has not', () => {
    const designed = new Set([
      ...COMPAT_TABLE.flatMap(({ names }) => names),
      ...OLD_TYPES,
      'create_websocket_manager',
      'MockWebSocketManagerFactory',
      'ConnectionLifecycleManager',
    ]);
    const names = DEPRECATIONS.filter(({ kind }) => kind !== 'method' && kind !== 'private').map(({ name }) => name);
    expect(names.filter((name) => !designed.has(name))).toEqual([]);
    const carried = new Set([...names, ...MOVED_NAMES.map(({ name }) => name)]);
    expect([...designed].filter((name) => !carried.has(name))).toEqual([]);
  });
});

it('canonical names are those of the core and the types, in each place', async () => {
  const canonical: Readonly<Record<string, unknown>> = { ...types, ...core };
  for (const { name, modules } of MOVED_NAMES.filter((moved) => !TYPE_ONLY.includes(moved.name))) {
    for (const module of modules) expect((await legacyModule(module))[name]).toBe(canonical[name]);
  }
});
