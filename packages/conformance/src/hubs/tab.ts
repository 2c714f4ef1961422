import assert from 'node:assert/strict';
import type { Hub } from '@ws/core';
import type { Authentication } from '@ws/core/internal';
import { FakeSocket } from '@ws/core/testing';
import type { EventInput, NumberedEvent, Recovery, StartFrom, StreamPosition, WireFrame } from '@ws/types';
import { eventually } from '../checks.ts';

/** What the cases' one user is called. */
export const USER = { userId: 'alice' };

/** A browser tab of the user, connected to one hub: what it was told, and in which order. */
export class Tab {
  readonly #socket: FakeSocket;

  private constructor(hub: Hub, from: StartFrom, authentication: Authentication) {
    this.#socket = FakeSocket.open((socket) => hub.accept(socket, { authentication }));
    this.#socket.say({ type: 'hello', from });
  }

  /** Opens a tab, and waits until the hub has answered it. */
  static async open(hub: Hub, from: StartFrom = 'latest', authentication: Authentication = USER): Promise<Tab> {
    const tab = new Tab(hub, from, authentication);
    await eventually(() => assert.ok(tab.ready, 'the connection is ready'));
    return tab;
  }

  get ready(): { readonly epoch: string; readonly recovery: Recovery } | undefined {
    const frame = this.#socket.frames.find((one) => one.type === 'connection_ready' && 'recovery' in one);
    return frame !== undefined && 'recovery' in frame ? frame : undefined;
  }

  /** Whether it was told that its credential expires soon. */
  get isWarned(): boolean {
    return this.#socket.frames.some(({ type }) => type === 'auth_expiring');
  }

  /** The close code, once the hub has closed the connection. */
  get closed(): number | undefined {
    return this.#socket.closedWith?.code;
  }

  /** Events with a number, in the order of their arrival. */
  get events(): readonly NumberedEvent[] {
    return this.#socket.frames.filter(isNumbered);
  }

  get types(): readonly string[] {
    return this.events.map(({ type }) => type);
  }

  /** What the events of {@link note} are numbered with. */
  get notes(): readonly number[] {
    return this.events.map(({ payload }) => (payload as { n: number }).n);
  }

  get position(): StreamPosition {
    return { epoch: this.ready?.epoch ?? '', offset: this.events.at(-1)?.offset ?? 0 };
  }

  /** The user closes it, or loses the network. */
  leave(): void {
    this.#socket.cut();
  }

  say(frame: object): void {
    this.#socket.say(frame);
  }
}

function isNumbered(frame: WireFrame): frame is NumberedEvent {
  return 'payload' in frame && 'offset' in frame && frame.offset !== undefined;
}

/** An event of an application; `bulk` makes it as many characters longer. */
export function note(n: number, bulk = 0): EventInput {
  return { type: 'note', payload: { n, bulk: 'x'.repeat(bulk) } } as unknown as EventInput;
}
