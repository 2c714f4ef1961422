import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMicros } from '../monotonic.ts';
import { clientsOf, connectAll } from './audience.ts';
import { Comeback } from './comeback.ts';
import type { LoadClient, LoadClientEvents } from './load-client.ts';
import type { Audience, LoadReport, Order } from './orders.ts';
import { publishes } from './publishes.ts';
import { record, takePercentiles, Tally } from './tally.ts';

const POLL_MS = 5;
/** So long nothing may come before everything is taken to have come. */
const QUIET_MS = 500;

/** Carries out what the benchmark orders. */
export class LoadGenerator {
  readonly #tally = new Tally();
  readonly #recovery = createHistogram();
  readonly #events: LoadClientEvents = {};
  #clients: LoadClient[] = [];
  #comeback: Comeback | undefined;
  #control: Socket | undefined;
  #following = false;
  #followedFrom = 0;

  /** Resolves to what the order counts. */
  async carryOut(order: Order): Promise<number> {
    switch (order.do) {
      case 'connect':
        return this.#connect(order.audience, order.atOnce);
      case 'follow':
        return this.#follow(order.control);
      case 'sample':
        this.#tally.stamped = order.stamped;
        return 0;
      case 'stall':
        return this.#stall(order.audience);
      case 'handshakes':
        return this.#handshakes(order.audience, order.atOnce, order.seconds * 1_000);
      case 'publish':
        return publishes(order);
      case 'resume':
        return this.#resume(order.audience, order.events);
      case 'jitter':
        this.#comeback = new Comeback(this.#clients, this.#events, (micros) => record(this.#recovery, micros));
        this.#comeback.jitter(order.everyMs, order.awayMs);
        return 0;
      case 'come back':
        this.#comeback = new Comeback(this.#clients, this.#events, (micros) => record(this.#recovery, micros));
        this.#comeback.follow(order.backoff, order.port);
        return 0;
      case 'settle':
        return this.#settle(order.withinMs);
      case 'disconnect':
        return this.#disconnect();
    }
  }

  report(tookMs: number, count: number): LoadReport {
    const { user, system } = process.cpuUsage();
    const { events, frames, missed, repeated, ready, lost, refused } = this.#tally;
    return {
      at: monotonicMicros(),
      cpuMicros: user + system,
      events,
      frames,
      missed,
      repeated,
      ready,
      lost,
      refused,
      latency: this.#tally.takeLatency(),
      recovery: takePercentiles(this.#recovery),
      tookMs,
      count,
    };
  }

  async #connect(audience: Audience, atOnce: number): Promise<number> {
    const clients = await clientsOf(audience, this.#tally, this.#events);
    await connectAll(clients, atOnce, this.#events);
    this.#clients.push(...clients);
    this.#events.ready = undefined;
    this.#events.lost = undefined;
    return clients.length;
  }

  async #follow(port: number): Promise<number> {
    const control = connect({ port, host: '127.0.0.1', noDelay: true });
    control.on('error', () => control.destroy());
    await once(control, 'connect');
    control.resume();
    this.#control = control;
    this.#following = true;
    this.#followedFrom = this.#tally.events;
    let told = -1;
    const tell = (): void => {
      if (!this.#following) return;
      const received = this.#tally.events - this.#followedFrom;
      if (received !== told) control.write(`{"received":${received}}\n`);
      told = received;
      // Once in a turn in which something arrived, and now and then where nothing does.
      setTimeout(tell, 1);
    };
    tell();
    return 0;
  }

  async #stall(audience: Audience): Promise<number> {
    const [client] = await clientsOf(audience, this.#tally, {});
    client?.connect();
    while (client?.ready === false) await wait(POLL_MS);
    client?.stall();
    if (client !== undefined) this.#clients.push(client);
    return 1;
  }

  /** Connects, waits for the first answer of the server, cuts, and connects again. */
  async #handshakes(audience: Audience, atOnce: number, forMs: number): Promise<number> {
    let done = 0;
    const again = (client: LoadClient): void => {
      if (performance.now() < end) client.connect();
    };
    const clients = await clientsOf({ ...audience, connections: atOnce }, this.#tally, {
      ready: (client) => {
        done += 1;
        client.cut();
        again(client);
      },
      lost: again,
    });
    const end = performance.now() + forMs;
    for (const client of clients) client.connect();
    await wait(forMs);
    for (const client of clients) client.cut();
    return done;
  }

  async #resume(audience: Audience, events: number): Promise<number> {
    const clients = await clientsOf(audience, this.#tally, {});
    await Promise.all(
      clients.map((client) => {
        client.check.last = 0;
        const startedAt = monotonicMicros();
        client.connect();
        return new Promise<void>((resolve) => {
          client.check.onOffset = (offset) => {
            if (offset < events) return;
            client.check.onOffset = undefined;
            record(this.#recovery, monotonicMicros() - startedAt);
            resolve();
          };
        });
      }),
    );
    for (const client of clients) client.cut();
    return clients.length;
  }

  async #settle(withinMs: number): Promise<number> {
    this.#comeback?.stopCutting();
    const end = performance.now() + withinMs;
    let events = -1;
    let quietSince = performance.now();
    while (performance.now() < end) {
      if (this.#tally.events !== events || this.#tally.ready < this.#clients.length) quietSince = performance.now();
      if (performance.now() - quietSince > QUIET_MS) break;
      events = this.#tally.events;
      await wait(POLL_MS);
    }
    return this.#clients.filter(({ ready, check }) => !ready || check.missed > 0).length;
  }

  #disconnect(): number {
    this.#comeback?.stop();
    this.#following = false;
    this.#control?.destroy();
    for (const client of this.#clients) client.cut();
    this.#clients = [];
    return 0;
  }
}
