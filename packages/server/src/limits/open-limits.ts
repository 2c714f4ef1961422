import type { Hub } from '@ws/core';
import { systemClock } from '@ws/core/log';
import type { ClientAddress } from '../http/client-address.ts';
import type { LimitMetrics } from '../observe/limit-metrics.ts';
import type { RequestLimits } from './server-limits.ts';
import { AddressLimit } from './address-limit.ts';
import { PublishLimit } from './publish-limit.ts';
import { ReadLimit } from './read-limit.ts';
import { Turns } from './turns.ts';

/** Limits of what is read as JSON. */
export interface AppLimits {
  /** Length of a body, in bytes. */
  readonly bodyBytes: number;
  /** Depth of a body: levels of arrays and objects. */
  readonly jsonDepth: number;
  /** Called with each body that is deeper. */
  readonly onTooDeep: () => void;
}

/** The limits that hold before the hub. */
export interface Limits {
  readonly app: AppLimits;
  readonly addresses: AddressLimit;
  readonly publishing: PublishLimit;
  readonly reading: ReadLimit;
}

export function openLimits(
  limits: RequestLimits,
  maxJsonDepth: number,
  hub: Pick<Hub, 'strained'>,
  clientAddress: ClientAddress,
  metrics: LimitMetrics,
): Limits {
  const { bodyBytes } = limits;
  const turns = new Turns(systemClock);
  const isStrained = (): boolean => hub.strained;
  return {
    app: {
      bodyBytes,
      jsonDepth: maxJsonDepth,
      onTooDeep: () => metrics.refused('json_depth'),
    },
    addresses: new AddressLimit({
      limit: limits.connectionsPerAddress,
      clientAddress,
      onRefused: () => metrics.refused('connections_per_address'),
    }),
    publishing: new PublishLimit({
      eventsPerSecond: limits.publishRate,
      bytesPerSecond: limits.publishBytes,
      maxBodyBytes: bodyBytes,
      isStrained,
      turns,
      onRefused: (limit) => metrics.refused(limit),
    }),
    reading: new ReadLimit({
      userBytesPerSecond: limits.historyBytesPerUser,
      keyBytesPerSecond: limits.historyBytesPerKey,
      pages: limits.historyPages,
      isStrained,
      turns,
      onRefused: (limit) => metrics.refused(limit),
    }),
  };
}
