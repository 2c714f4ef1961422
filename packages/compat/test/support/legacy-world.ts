import { createHub, type Hub, type HubOptions } from '@ws/core';
import { countingIds, FakeClock, FakeSocket } from '@ws/core/testing';
import type { NumberedEvent } from '@ws/types';
import { getManager } from '../../src/index.ts';
import type { LegacyManager } from '../../src/legacy-manager/legacy-manager.ts';

/** A hub with a clock moved by hand, and the manager of a user as legacy code gets it. */
export interface LegacyWorld {
  readonly clock: FakeClock;
  readonly hub: Hub;
  readonly manager: LegacyManager;
  /** A new socket that was not attached to anything. */
  readonly socket: () => FakeSocket;
}

export function legacyWorld(options: HubOptions = {}): LegacyWorld {
  const clock = new FakeClock();
  const hub = createHub({ clock, ids: countingIds('c'), ...options });
  return { clock, hub, manager: getManager({ userId: 'alice' }, hub), socket: () => new FakeSocket() };
}

/** The user's events, oldest first. */
export async function eventsOf(manager: LegacyManager): Promise<readonly NumberedEvent[]> {
  return (await manager.history({ limit: 1000 })).events;
}

/** Their types and payloads, loosely typed for matching. */
export async function storyOf(manager: LegacyManager): Promise<readonly [string, Record<string, unknown>][]> {
  return (await eventsOf(manager)).map(({ type, payload }) => [type, { ...payload }]);
}
