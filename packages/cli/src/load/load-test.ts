import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@ws/client';
import { call } from '../api/call.ts';
import { userClient } from '../api/user-client.ts';
import { Failure } from '../failure.ts';
import type { ServerOptions } from '../server-options.ts';
import { Latencies } from './latencies.ts';
import { Tab } from './tab.ts';

export interface LoadPlan {
  readonly users: number;
  readonly tabs: number;
  /** Events published in a second, over all users. */
  readonly rate: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly connected: number;
  readonly published: number;
  /** Events received, over all tabs. */
  readonly received: number;
  readonly missing: number;
  readonly repeated: number;
  readonly refused: number;
  /** What the first refusal said. */
  readonly refusal: string | undefined;
  /** Length of the part in which events were published, in milliseconds. */
  readonly publishedMs: number;
  /** From the beginning of a publish request to the event in a tab. */
  readonly latencies: Latencies;
}

/** Told how far it is, 0 to 1, and what it does. */
export type Progress = (share: number, label: string) => void;

const CONNECTS_AT_ONCE = 50;
const CONNECT_MS = 30_000;
const SETTLE_MS = 10_000;
/** Events are published in beats of this length. */
const BEAT_MS = 20;

/** Connects tabs, publishes at a steady rate, and counts what arrives. */
export class LoadTest {
  readonly #server: ServerOptions;
  readonly #plan: LoadPlan;
  readonly #stopped: AbortSignal;
  readonly #progress: Progress;
  readonly #run = `load-${Date.now().toString(36)}`;
  readonly #latencies = new Latencies();
  readonly #tabs: Tab[] = [];
  /** How many events each user was sent. */
  readonly #sent: number[];
  #refused = 0;
  #refusal: string | undefined;

  constructor(server: ServerOptions, plan: LoadPlan, stopped: AbortSignal, progress: Progress) {
    this.#server = server;
    this.#plan = plan;
    this.#stopped = stopped;
    this.#progress = progress;
    this.#sent = Array.from({ length: plan.users }, () => 0);
  }

  /** Throws a `Failure` where not even the connections come about. */
  async run(): Promise<LoadResult> {
    const clients: Client[] = [];
    try {
      await this.#connect(clients);
      const startedAt = performance.now();
      await this.#publish(startedAt);
      const publishedMs = performance.now() - startedAt;
      await this.#settle();
      return this.#result(publishedMs);
    } finally {
      for (const client of clients) client.close();
    }
  }

  async #connect(clients: Client[]): Promise<void> {
    const { users, tabs } = this.#plan;
    const all = Array.from({ length: users * tabs }, (_, n) => n % users);
    for (let at = 0; at < all.length; at += CONNECTS_AT_ONCE) {
      if (this.#stopped.aborted) throw new Failure('stopped before all connections came about');
      this.#progress(at / all.length, `${at} of ${all.length} connections`);
      await Promise.all(
        all.slice(at, at + CONNECTS_AT_ONCE).map(async (user) => {
          const client = userClient(this.#server, this.#userId(user));
          clients.push(client);
          const tab = new Tab(client, user, this.#run, this.#latencies);
          this.#tabs.push(tab);
          const isLive = await Promise.race([tab.live.then(() => true), wait(CONNECT_MS, false, { ref: false })]);
          if (!isLive)
            throw new Failure(`a connection did not come about within ${CONNECT_MS / 1_000} s: ${tab.state}`);
        }),
      );
    }
  }

  async #publish(startedAt: number): Promise<void> {
    const { rate, seconds } = this.#plan;
    const total = rate * seconds;
    const under: Promise<void>[] = [];
    let sent = 0;
    while (sent < total && !this.#stopped.aborted) {
      const elapsed = performance.now() - startedAt;
      const due = Math.min(total, Math.floor((elapsed / 1_000) * rate) + 1);
      for (; sent < due; sent += 1) under.push(this.#publishOne(sent % this.#plan.users));
      this.#progress(sent / total, `${sent} of ${total} events`);
      await wait(BEAT_MS);
    }
    await Promise.all(under);
  }

  async #publishOne(user: number): Promise<void> {
    const at = performance.now();
    const n = (this.#sent[user] ?? 0) + 1;
    this.#sent[user] = n;
    const event = { type: 'ws.load', payload: { run: this.#run, n, at } };
    try {
      await call(this.#server, `/v1/users/${this.#userId(user)}/events`, { events: [event] });
    } catch (error) {
      this.#refused += 1;
      this.#refusal ??= error instanceof Error ? error.message : String(error);
      for (const tab of this.#tabs) if (tab.user === user) tab.excuse(n);
    }
  }

  /** What is on its way arrives. */
  async #settle(): Promise<void> {
    const deadline = performance.now() + SETTLE_MS;
    while (performance.now() < deadline && !this.#stopped.aborted) {
      const missing = this.#missing();
      if (missing === 0) return;
      this.#progress(1, `waiting for ${missing} events`);
      await wait(BEAT_MS);
    }
  }

  #missing(): number {
    return this.#tabs.reduce((sum, tab) => sum + tab.missing(this.#sent[tab.user] ?? 0), 0);
  }

  #result(publishedMs: number): LoadResult {
    return {
      connected: this.#tabs.length,
      published: this.#sent.reduce((sum, count) => sum + count, 0) - this.#refused,
      received: this.#tabs.reduce((sum, tab) => sum + tab.received, 0),
      missing: this.#missing(),
      repeated: this.#tabs.reduce((sum, tab) => sum + tab.repeated, 0),
      refused: this.#refused,
      refusal: this.#refusal,
      publishedMs,
      latencies: this.#latencies,
    };
  }

  #userId(user: number): string {
    return `${this.#run}-${user}`;
  }
}
