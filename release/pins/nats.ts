/** The names each entry of `@ws/nats` exports. */
export const NATS_PINS = {
  '.': ['type NatsEventLog', 'type NatsLogOptions', 'type OnRestart', 'openNatsLog'],
} as const;
