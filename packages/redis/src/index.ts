/**
 * `@signalbox/redis`: budgets, limits, cached answers and runs that many processes share.
 *
 * @module redis
 */
export { type KeyvResponseCacheOptions, keyvResponseCache } from "./cache/keyv-response-cache.js";
export type { IoredisClient, NodeRedisClient, NodeRedisCluster, RedisClient } from "./connection/redis-client.js";
export { RedisUnavailableError } from "./connection/redis-unavailable-error.js";
export { type RedisStores, type RedisStoresOptions, redisStores } from "./redis-stores.js";
