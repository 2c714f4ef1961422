import { findProgram } from '@ws/test-support';

export const REDIS = findProgram('REDIS_SERVER_PATH', ['redis-server', 'valkey-server']);
