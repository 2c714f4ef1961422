import { findProgram } from '@ws/test-support';

export const NATS = findProgram('NATS_SERVER_PATH', ['nats-server']);
