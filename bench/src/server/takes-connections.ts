import { once } from 'node:events';
import { connect } from 'node:net';

/** Whether somebody listens on a port of this machine. */
export async function takesConnections(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
