/** The names each entry of `@ws/redis` exports. */
export const REDIS_PINS = {
  '.': [
    'type AnyRedisClient',
    'type CommandOptions',
    'type MessageListener',
    'type OnRestart',
    'type RedisClientLike',
    'type RedisClusterLike',
    'RedisEventLog',
    'type RedisLogOptions',
    'type RedisSentinelLike',
    'type SentinelOverrides',
    'openRedisLog',
  ],
} as const;
