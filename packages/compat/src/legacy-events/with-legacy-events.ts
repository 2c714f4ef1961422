import { Frame, FrameGroup, type ConnectionSocket } from '@ws/core/internal';
import type { LegacyShape } from './legacy-shape.ts';
import { LegacyTranslator } from './legacy-translator.ts';

/**
 * A socket whose peer gets the events of the first system in one of its shapes. Everything else about the connection, its cursor,
 * its budget and its resume, is that of any other.
 *
 * @example
 * ```ts
 * manager.attach(withLegacyEvents(socket, 'flat'));
 * ```
 */
export function withLegacyEvents(socket: ConnectionSocket, shape: LegacyShape): ConnectionSocket {
  return translatedSocket(socket, new LegacyTranslator(shape));
}

/** A socket whose frames go through `translator`. */
export function translatedSocket(socket: ConnectionSocket, translator: LegacyTranslator): ConnectionSocket {
  return {
    // Groups are shared by connections that want the protocol as it is: a translated connection sends groups of its own.
    send: (groups) => socket.send(groups.map((group) => translated(group, translator))),
    get bufferedBytes() {
      return socket.bufferedBytes;
    },
    ping: () => socket.ping(),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
}

function translated(group: FrameGroup, translator: LegacyTranslator): FrameGroup {
  const frames = group.frames.flatMap(({ text, offset }) => {
    const message = translator.translate(text);
    return message === undefined ? [] : [new Frame(message, '', offset)];
  });
  return new FrameGroup(frames);
}
