import { Script } from './script.ts';

/**
 * Notes an open connection of a stream. Key: the sorted set of them, by when they were opened. Arguments: time, member, time to
 * live of the set in milliseconds, limit. Answers all members, the oldest first, if there are more than the limit; else none.
 */
export const ENTER_CONNECTION = new Script(`
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if redis.call('ZCARD', KEYS[1]) <= tonumber(ARGV[4]) then return {} end
return redis.call('ZRANGE', KEYS[1], 0, -1)
`);
