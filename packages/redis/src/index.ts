export { openRedisLog } from './open-redis-log.ts';
export type { OnRestart, RedisLogOptions } from './options.ts';
export type {
  AnyRedisClient,
  CommandOptions,
  MessageListener,
  RedisClientLike,
  RedisClusterLike,
  RedisSentinelLike,
  SentinelOverrides,
} from './redis-client.ts';
export type { RedisEventLog } from './redis-event-log.ts';
