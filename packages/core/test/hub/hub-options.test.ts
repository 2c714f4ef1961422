import { describe, expect, it, vi } from 'vitest';
import { createHub, type HubOptions } from '../../src/index.ts';
import { resolveHubOptions } from '../../src/hub/resolve-hub-options.ts';

describe('the options of a hub', () => {
  it.each([
    [{ tuning: { heartbeatMs: 0 } }, 'tuning.heartbeatMs'],
    [{ tuning: { helloTimeoutMs: -1 } }, 'tuning.helloTimeoutMs'],
    [{ tuning: { coalesceMs: 101 } }, 'tuning.coalesceMs'],
    [{ tuning: { coalesceMs: -1 } }, 'tuning.coalesceMs'],
    [{ tuning: { pageEvents: 0 } }, 'tuning.pageEvents'],
    [{ tuning: { tailEvents: 1.5 } }, 'tuning.tailEvents'],
    [{ limits: { connectionsPerUser: Number.NaN } }, 'limits.connectionsPerUser'],
    [{ limits: { eventBytes: Infinity } }, 'limits.eventBytes'],
    [{ tuning: { outboundBudgetBytes: '5' as unknown as number } }, 'tuning.outboundBudgetBytes'],
    [{ retention: { maxEvents: 0 } }, 'retention.maxEvents'],
    [{ retention: { maxAgeMs: -5 } }, 'retention.maxAgeMs'],
    [{ limits: { load: { heapShare: 1.5 } } }, 'limits.load.heapShare'],
  ] satisfies [HubOptions, string][])('%j is refused by name', (options, name) => {
    expect(() => createHub(options)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(`hub option ${name} `) as string,
      }),
    );
  });

  it.each([
    [{ heartBeatMs: 5 }, 'there is no hub option heartBeatMs: did you mean tuning.heartbeatMs?'],
    [{ tuning: { coalesce: 5 } }, 'there is no hub option tuning.coalesce: did you mean tuning.coalesceMs?'],
    [{ limits: { runLeaseMs: 5 } }, 'there is no hub option limits.runLeaseMs: did you mean tuning.runLeaseMs?'],
    [
      { limits: { inboundRates: { frames: 5 } } },
      'there is no hub option limits.inboundRates.frames: see HubOptions for those there are',
    ],
    [{ outrage: {} }, 'there is no hub option outrage: did you mean outage?'],
    [{ tuning: 5 }, 'hub option tuning must be an object, got 5'],
    [{ outage: null }, 'hub option outage must be an object, got null'],
    [{ retention: { maxEvent: 5 } }, 'there is no hub option retention.maxEvent: did you mean retention.maxEvents?'],
    [{ colour: 'blue' }, 'there is no hub option colour: see HubOptions for those there are'],
  ])('%j is refused, because nothing would come of it', (options, message) => {
    expect(() => createHub(options as HubOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message }) as Error,
    );
  });

  it('are taken under the names from before there were groups, with one warning', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const earlier = { coalesceMs: 0, maxConnections: 7, spillEvents: 3, outage: { bufferChars: 5 } };
    expect(resolveHubOptions(earlier)).toMatchObject({
      coalesceMs: 0,
      maxConnections: 7,
      outageEvents: 3,
      outageChars: 5,
    });
    const names =
      'coalesceMs is tuning.coalesceMs, maxConnections is limits.connections, spillEvents is outage.bufferEvents';
    expect(warn.mock.calls).toEqual([
      [`createHub takes options in groups: ${names}`, { type: 'DeprecationWarning', code: 'WS_HUB_OPTIONS' }],
    ]);
    warn.mockRestore();
  });

  it('are refused under both names at once', () => {
    expect(() => createHub({ coalesceMs: 5, tuning: { coalesceMs: 6 } } as HubOptions)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('tuning.coalesceMs') as string,
      }),
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
    expect(resolveHubOptions({ tuning: { coalesceMs: 0, streamIdleMs: 0 } })).toMatchObject({
      coalesceMs: 0,
      streamIdleMs: 0,
    });
  });
});
