/** The names each entry of `@ws/nats` exports. */
export const NATS_PINS = {
  '.': ['NatsEventLog', 'type NatsLogOptions', 'type OnRestart', 'openNatsLog'],
} as const;
