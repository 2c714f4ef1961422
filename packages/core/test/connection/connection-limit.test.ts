import { describe, expect, it } from 'vitest';
import { MemoryEventLog, type EventLog } from '../../src/index.ts';
import type { ReplacedListener, TableConnection } from '../../src/log.ts';
import { MemoryTickets } from '../../src/shared/memory-tickets.ts';
import { FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { setUp } from '../support/world.ts';

/** Processes on one log, with a table of connections that all of them see. */
class Cluster {
  readonly clock = new FakeClock();
  readonly #log = new MemoryEventLog();
  readonly #entries: { readonly connection: TableConnection; readonly tell: ReplacedListener }[] = [];

  start(maxConnectionsPerUser: number) {
    let tell: ReplacedListener = () => undefined;
    const door: EventLog = Object.assign(new LogDoor(this.#log), {
      shared: {
        tickets: new MemoryTickets(this.clock),
        connections: {
          enter: (connection: TableConnection, limit: number) => {
            this.#entries.push({ connection, tell: (it) => tell(it) });
            const ofStream = this.#entries.filter((entry) => entry.connection.stream === connection.stream);
            ofStream.sort((one, other) => one.connection.connectedAt - other.connection.connectedAt);
            for (const oldest of ofStream.slice(0, -limit)) oldest.tell(oldest.connection);
          },
          leave: ({ id }: Pick<TableConnection, 'id'>) => {
            const index = this.#entries.findIndex(({ connection }) => connection.id === id);
            if (index >= 0) this.#entries.splice(index, 1);
          },
          onReplaced: (listener: ReplacedListener) => {
            tell = listener;
            return () => (tell = () => undefined);
          },
        },
      },
    });
    return setUp({ clock: this.clock, log: door, limits: { connectionsPerUser: maxConnectionsPerUser } });
  }

  get open(): number {
    return this.#entries.length;
  }
}

describe('the limit of connections over processes', () => {
  it('closes none that was opened last, where the clock was set back in between', async () => {
    const cluster = new Cluster();
    const [a, b] = [cluster.start(2), cluster.start(2)];
    const tabs = [await b.connected('alice')];
    await cluster.clock.advance(1);
    tabs.push(await a.connected('alice'));
    cluster.clock.step(-600_000);
    const last = await a.connected('alice');
    expect([...tabs, last].map(({ closedWith }) => closedWith?.code)).toEqual([4509, undefined, undefined]);
  });

  it('closes the oldest, wherever it is, and leaves other users alone', async () => {
    const cluster = new Cluster();
    const [a, b] = [cluster.start(2), cluster.start(2)];
    const bob = await a.connected('bob');
    const first = await a.connected('alice');
    await cluster.clock.advance(1);
    const second = await b.connected('alice');
    await cluster.clock.advance(1);
    const third = await b.connected('alice');
    await cluster.clock.settle();
    expect(first.frames.at(-1)).toMatchObject({ type: 'error', code: 'CONNECTION_REPLACED', fatal: true });
    expect([bob, first, second, third].map(({ closedWith }) => closedWith?.code)).toEqual([
      undefined,
      4509,
      undefined,
      undefined,
    ]);
    expect(cluster.open).toBe(3);
  });

  it('forgets connections that are closed, in whatever way', async () => {
    const cluster = new Cluster();
    const { connected, hub } = cluster.start(3);
    const tabs = [await connected('alice'), await connected('alice'), await connected('alice')];
    tabs[0]?.cut();
    tabs[1]?.session.close('RESTARTING');
    tabs[1]?.cut();
    expect(cluster.open).toBe(1);
    await hub.close();
    expect(cluster.open).toBe(0);
  });
});
