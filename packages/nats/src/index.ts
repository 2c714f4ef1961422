export type { NatsEventLog } from './nats-event-log.ts';
export { openNatsLog } from './open-nats-log.ts';
export type { NatsLogOptions, OnRestart } from './options.ts';
