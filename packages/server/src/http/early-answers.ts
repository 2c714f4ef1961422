import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** What is read of a body whose answer was written before the body had come: 64 MiB, for five seconds. */
const MAX_DRAINED_BYTES = 64 * 1_024 * 1_024;
const MAX_DRAIN_MS = 5_000;

/** Sockets whose current request was answered before all of it had come. */
const answered = new WeakSet<Socket>();

/** Whether the request that comes on a socket has its answer: nothing more may be said about it. */
export function hasEarlyAnswer(socket: Socket): boolean {
  return answered.has(socket);
}

/**
 * Makes an answer reach a client that is still sending (a refusal seldom waits for the body). If a socket is closed while bytes of
 * the client are unread, the operating system resets the connection, and the client loses the answer that was on its way: it reports
 * a broken pipe instead of the 401 or 413. So the answer is written, the rest of the body is read and dropped, and only then the
 * socket is closed, as RFC 9112, section 9.6 asks for. Whatever sends longer than that is cut off.
 */
export function hearEarlyAnswers(listener: RequestListener): RequestListener {
  return (request, response) => {
    // Before Node's own listener, which closes the socket.
    response.prependOnceListener('finish', () => {
      if (!request.complete) drain(request);
    });
    listener(request, response);
  };
}

function drain(request: IncomingMessage): void {
  const { socket } = request;
  answered.add(socket);
  let isToClose = false;
  const mostRead = socket.bytesRead + MAX_DRAINED_BYTES;
  // How Node closes a socket behind its last answer. For now, only its own half is closed: the answer is whole.
  socket.destroySoon = () => {
    isToClose = true;
    socket.end();
  };
  const timer = setTimeout(() => socket.destroy(), MAX_DRAIN_MS);
  const stop = (): void => clearTimeout(timer);
  socket.once('close', stop);
  request.on('data', () => {
    // Bytes of the connection: a body of many small chunks is mostly what stands between them.
    if (socket.bytesRead > mostRead) socket.destroy();
  });
  request.once('end', () => {
    stop();
    // The connection may carry many such requests.
    socket.off('close', stop);
    answered.delete(socket);
    Reflect.deleteProperty(socket, 'destroySoon');
    if (isToClose) socket.destroy();
  });
  request.resume();
}
