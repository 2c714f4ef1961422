import { redisProgram } from '../../src/server/redis-process.ts';

/** Without Redis the tests that need it are skipped, except where that would go unnoticed. */
export const isRedisMissing = redisProgram() === undefined && process.env['CI'] !== 'true';
