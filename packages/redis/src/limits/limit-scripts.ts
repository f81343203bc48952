import { redisScript } from "../connection/redis-script.js";

/**
 * KEYS: a window, the block of its counter. ARGV: weight, milliseconds of a window, limit. Gives what is taken then and
 * when the window ends; more than the limit where nothing was taken, and when it may be.
 */
export const TAKE = redisScript(`
local weight, windowMs, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local blockedMs = redis.call('PTTL', KEYS[2])
local leftMs = redis.call('PTTL', KEYS[1])
local taken = leftMs > 0 and tonumber(redis.call('GET', KEYS[1])) or 0
if leftMs <= 0 then leftMs = windowMs end
local isFull = taken + weight > limit
if isFull or blockedMs > 0 then return { limit + 1, math.max(blockedMs, isFull and leftMs or 0) } end
if leftMs == windowMs and taken == 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', windowMs)
else redis.call('INCRBY', KEYS[1], ARGV[1]) end
return { taken + weight, leftMs }
`);

/** KEYS: a window. ARGV: what to add, below nothing to give back; the milliseconds it has left at most, else it is a later one. */
export const CORRECT = redisScript(`
local leftMs = redis.call('PTTL', KEYS[1])
if leftMs <= 0 or leftMs > tonumber(ARGV[2]) then return 0 end
if redis.call('INCRBY', KEYS[1], ARGV[1]) < 0 then redis.call('SET', KEYS[1], 0, 'KEEPTTL') end
return 1
`);

/** KEYS: the block of a counter. ARGV: milliseconds. A longer one stays. */
export const BLOCK = redisScript(`
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], 1, 'PX', ARGV[1]) end
return 1
`);
