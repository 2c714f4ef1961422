import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsServer } from './nats-server.ts';

/** Does something as an operator would, on a connection of its own. */
export async function withManager<Value>(
  { url }: NatsServer,
  work: (jsm: JetStreamManager) => Promise<Value>,
): Promise<Value> {
  const nc = await connect({ servers: url });
  try {
    return await work(await jetstreamManager(nc));
  } finally {
    await nc.close();
  }
}
