import type { Hub } from '@ws/core';
import { FakeSocket } from '@ws/core/testing';
import type { EventInput, NumberedEvent, Recovery, StartFrom, WireFrame } from '@ws/types';

/** A browser tab of a user, connected to one hub: what it was told, and in which order. */
export class Tab {
  readonly #socket: FakeSocket;

  constructor(hub: Hub, userId: string, from: StartFrom = 'latest') {
    this.#socket = FakeSocket.open((socket) => hub.accept(socket, { authentication: { userId } }));
    this.#socket.say({ type: 'hello', from });
  }

  get ready(): { readonly epoch: string; readonly recovery: Recovery } | undefined {
    const frame = this.#socket.frames.find((one) => one.type === 'connection_ready' && 'recovery' in one);
    return frame !== undefined && 'recovery' in frame ? frame : undefined;
  }

  get closed(): number | undefined {
    return this.#socket.closedWith?.code;
  }

  /** Events with a number, in the order of their arrival. */
  get events(): readonly NumberedEvent[] {
    return this.#socket.frames.filter(isNumbered);
  }

  get position(): { readonly epoch: string; readonly offset: number } {
    return { epoch: this.ready?.epoch ?? '', offset: this.events.at(-1)?.offset ?? 0 };
  }

  say(frame: object): void {
    this.#socket.say(frame);
  }

  leave(): void {
    this.#socket.cut();
  }
}

function isNumbered(frame: WireFrame): frame is NumberedEvent {
  return 'payload' in frame && 'offset' in frame && frame.offset !== undefined;
}

/** An event of an application. */
export function note(payload: object): EventInput {
  return { type: 'note', payload } as unknown as EventInput;
}
