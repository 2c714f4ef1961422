/** The names each entry of `@ws/redis` exports. */
export const REDIS_PINS = {
  '.': [
    'RedisEventLog',
    'type AnyRedisClient',
    'type CommandOptions',
    'type MessageListener',
    'type OnRestart',
    'type RedisClientLike',
    'type RedisClusterLike',
    'type RedisLogOptions',
    'openRedisLog',
  ],
} as const;
