import { describe, expect, it } from 'vitest';
import { warningsOf } from './support/warnings-of.ts';

const USE_TWO_NAMES = `
  for (const userId of ['u1', 'u2']) compat.getManager({ userId });
  await compat.getWebSocketManagerAsync({ userId: 'u1' });`;

const codesOf = async (script: string, env?: Readonly<Record<string, string>>) =>
  (await warningsOf(script, env)).warnings.map(({ code }) => code);

describe('warnings about legacy names', { timeout: 60_000 }, () => {
  it('come on first use, once for each code and call site', async () => {
    const { warnings } = await warningsOf(USE_TWO_NAMES);
    expect(warnings).toEqual([
      {
        name: 'DeprecationWarning',
        code: 'WSDEP012',
        message: 'getManager is a legacy name: use getWebSocketManager of @ws/core. It goes in version 2.0.0.',
      },
      {
        name: 'DeprecationWarning',
        code: 'WSDEP008',
        message:
          'getWebSocketManagerAsync is a legacy name: use getWebSocketManager of @ws/core. It goes in version 2.0.0.',
      },
    ]);
  });

  it('do not come on import, nor for classes and canonical names', async () => {
    const script = `
      new Set([compat.WebSocketManager, compat.WebSocketManagerAdapter]);
      compat.getWebSocketManager({ userId: 'u1' }) instanceof compat.WebSocketConnectionManager;`;
    expect(await codesOf(script)).toEqual([]);
  });

  it('come once for each call site', async () => {
    const script = `
      const one = (userId) => compat.getManager({ userId });
      const two = (userId) => compat.getManager({ userId });
      for (const userId of ['u1', 'u2']) { one(userId); two(userId); }
      result = compat.getDeprecationUsage();`;
    const { warnings, result } = await warningsOf(script);
    expect(warnings.map(({ code }) => code)).toEqual(['WSDEP012', 'WSDEP012']);
    expect(result).toMatchObject([{ code: 'WSDEP012', uses: 4 }]);
  });

  it('come from methods of the manager and of the emitter, in the spelling that was used', async () => {
    const script = `
      const manager = compat.adaptManagerForLegacyCode(compat.getWebSocketManager({ userId: 'u1' }));
      await manager.broadcast({ type: 'notice' });
      await manager.send_to_user('u1', { type: 'notice' });
      await new compat.UnifiedWebSocketEmitter(manager).notify_agent_started('a');`;
    const { warnings } = await warningsOf(script);
    expect(warnings.map(({ code, message }) => `${code} ${message.split(' ')[0]}`)).toEqual([
      'WSDEP059 adaptManagerForLegacyCode',
      'WSDEP316 broadcast',
      'WSDEP308 send_to_user',
      'WSDEP023 UnifiedWebSocketEmitter',
      'WSDEP405 notify_agent_started',
    ]);
    expect(warnings[1]?.message).toContain('an event for all users is emitted to each of their managers');
  });

  it('come from every legacy factory under its own code', async () => {
    const script = `
      const factories = compat.DEPRECATIONS.filter((entry) => entry.call !== undefined && entry.name in compat);
      for (const { name } of factories) await compat[name]({ userId: 'u1' });
      result = factories.map(({ code }) => code);`;
    const { warnings, result } = await warningsOf(script);
    expect(warnings.map(({ code }) => code)).toEqual(result);
    expect(result).toHaveLength(10);
  });

  it('go to the console where there is no process: in a browser', async () => {
    const script = `
      const said = [];
      console.warn = (line) => said.push(line);
      const node = globalThis.process;
      delete globalThis.process;
      for (const type of ['user', 'chat']) compat.normalizeMessageType(type);
      globalThis.process = node;
      result = said;`;
    const { warnings, result } = await warningsOf(script);
    expect(warnings).toEqual([]);
    expect(result).toEqual([
      expect.stringMatching(/^\[WSDEP043\] DeprecationWarning: normalizeMessageType is a legacy name/),
    ]);
  });

  it('are told to a metric, whatever the policy, until it is taken off', async () => {
    const script = `
      const codes = [];
      const off = compat.onDeprecatedUse(({ code }) => codes.push(code));
      for (const userId of ['u1', 'u2']) compat.getManager({ userId });
      off();
      compat.getManager({ userId: 'u1' });
      result = codes;`;
    expect(await warningsOf(script, { WS_COMPAT_WARNINGS: 'off' })).toEqual({
      warnings: [],
      result: ['WSDEP012', 'WSDEP012'],
    });
  });

  it('come each time with WS_COMPAT_WARNINGS=all', async () => {
    expect(await codesOf(USE_TWO_NAMES, { WS_COMPAT_WARNINGS: 'all' })).toEqual(['WSDEP012', 'WSDEP012', 'WSDEP008']);
  });

  it('never come with WS_COMPAT_WARNINGS=off, but uses are counted', async () => {
    const { warnings, result } = await warningsOf(`${USE_TWO_NAMES} result = compat.getDeprecationUsage();`, {
      WS_COMPAT_WARNINGS: 'off',
    });
    expect(warnings).toEqual([]);
    expect(result).toMatchObject([
      { code: 'WSDEP008', name: 'getWebSocketManagerAsync', uses: 1, removal: '2.0.0' },
      { code: 'WSDEP012', name: 'getManager', uses: 2, replacement: '`getWebSocketManager` of `@ws/core`' },
    ]);
  });

  it('are thrown with WS_COMPAT_WARNINGS=error, as rejections by async names', async () => {
    const script = `
      const failures = [];
      try { compat.getManager({ userId: 'u1' }); } catch (error) { failures.push([error.name, error.code]); }
      await compat.getWebSocketManagerAsync({ userId: 'u1' }).catch((error) => failures.push([error.name, error.code]));
      result = failures;`;
    const { warnings, result } = await warningsOf(script, { WS_COMPAT_WARNINGS: 'error' });
    expect(warnings).toEqual([]);
    expect(result).toEqual([
      ['DeprecationError', 'WSDEP012'],
      ['DeprecationError', 'WSDEP008'],
    ]);
  });

  it('come once for an unknown value of WS_COMPAT_WARNINGS, which is told, too', async () => {
    const { warnings } = await warningsOf(USE_TWO_NAMES, { WS_COMPAT_WARNINGS: 'no' });
    expect(warnings.map(({ code, message }) => code ?? message)).toEqual([
      'WS_COMPAT_WARNINGS must be off, once, all or error: it is taken as once',
      'WSDEP012',
      'WSDEP008',
    ]);
  });

  it('point at the caller, not into the package', async () => {
    const script = `
      process.on('warning', ({ stack }) => { result = stack; });
      function legacyCallSite() { compat.getManager({ userId: 'u1' }); }
      legacyCallSite();`;
    const { result } = await warningsOf(script);
    expect(String(result).split('\n')[1]).toContain('legacyCallSite');
  });
});
