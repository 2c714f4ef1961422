import { describe, expect, it } from 'vitest';
import { warningsOf } from './support/warnings-of.ts';

const USE_TWO_NAMES = `
  compat.getManager({ userId: 'u1' });
  compat.getManager({ userId: 'u2' });
  await compat.getWebSocketManagerAsync({ userId: 'u1' });`;

const codesOf = async (script: string, env?: Readonly<Record<string, string>>) =>
  (await warningsOf(script, env)).warnings.map(({ code }) => code);

describe('warnings about legacy names', { timeout: 60_000 }, () => {
  it('come on first use, once for each code', async () => {
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

  it('come from every legacy function under its own code', async () => {
    const script = `
      for (const { name, kind } of compat.DEPRECATIONS) if (kind === 'function') await compat[name]({ userId: 'u1' });
      result = compat.DEPRECATIONS.filter(({ kind }) => kind === 'function').map(({ code }) => code);`;
    const { warnings, result } = await warningsOf(script);
    expect(warnings.map(({ code }) => code)).toEqual(result);
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
