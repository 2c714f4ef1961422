import { describe, expect, it } from 'vitest';
import { createHub, type HubOptions } from '../../src/index.ts';
import { resolveHubOptions } from '../../src/hub/hub-options.ts';

describe('the options of a hub', () => {
  it.each([
    [{ heartbeatMs: 0 }, 'heartbeatMs'],
    [{ helloTimeoutMs: -1 }, 'helloTimeoutMs'],
    [{ coalesceMs: 101 }, 'coalesceMs'],
    [{ coalesceMs: -1 }, 'coalesceMs'],
    [{ pageEvents: 0 }, 'pageEvents'],
    [{ tailEvents: 1.5 }, 'tailEvents'],
    [{ maxConnectionsPerUser: Number.NaN }, 'maxConnectionsPerUser'],
    [{ maxEventBytes: Infinity }, 'maxEventBytes'],
    [{ outboundBudgetBytes: '5' as unknown as number }, 'outboundBudgetBytes'],
    [{ retention: { maxEvents: 0 } }, 'retention.maxEvents'],
    [{ retention: { maxAgeMs: -5 } }, 'retention.maxAgeMs'],
    [{ loadLimits: { heapShare: 1.5 } }, 'loadLimits.heapShare'],
  ] satisfies [HubOptions, string][])('%j is refused by name', (options, name) => {
    expect(() => createHub(options)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(`hub option ${name} `) as string,
      }),
    );
  });

  it.each([
    [{ heartBeatMs: 5 }, 'there is no hub option heartBeatMs: did you mean heartbeatMs?'],
    [{ retention: { maxEvent: 5 } }, 'there is no hub option retention.maxEvent: did you mean retention.maxEvents?'],
    [{ colour: 'blue' }, 'there is no hub option colour: see HubOptions for those there are'],
  ])('%j is refused, because nothing would come of it', (options, message) => {
    expect(() => createHub(options as HubOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message }) as Error,
    );
  });

  it('have defaults, each of which can be replaced alone', () => {
    const {
      log: _log,
      clock: _clock,
      ids: _ids,
      onError: _onError,
      heapShare: _share,
      ...defaults
    } = resolveHubOptions({});
    expect(defaults).toMatchObject({
      heartbeatMs: 25_000,
      helloTimeoutMs: 10_000,
      coalesceMs: 25,
      maxConnectionsPerUser: 20,
      maxOpenRunsPerUser: 100,
      outboundBudgetBytes: 1_048_576,
      retention: { maxEvents: 10_000, maxBytes: 16_777_216, maxAgeMs: 604_800_000 },
    });
    expect(resolveHubOptions({ retention: { maxEvents: 5 } }).retention).toEqual({
      ...defaults.retention,
      maxEvents: 5,
    });
    expect(resolveHubOptions({ coalesceMs: 0, streamIdleMs: 0 })).toMatchObject({ coalesceMs: 0, streamIdleMs: 0 });
  });
});
