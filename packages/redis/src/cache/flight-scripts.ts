import { redisScript } from "../connection/redis-script.js";

/** KEYS: answer, claim. ARGV: token, milliseconds. Gives 1 where the claim is ours. */
export const CLAIM = redisScript(`
if redis.call("EXISTS", KEYS[1]) == 1 then return 0 end
if redis.call("SET", KEYS[2], ARGV[1], "NX", "PX", ARGV[2]) then return 1 end
return 0
`);

/** KEYS: claim. ARGV: token, milliseconds. Gives 0 where the claim is not ours any more. */
export const RENEW = redisScript(`
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call("PEXPIRE", KEYS[1], ARGV[2])
`);

/** KEYS: claim. ARGV: token, channel, message. Tells those who wait; only if the claim was ours still. */
export const END = redisScript(`
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("DEL", KEYS[1])
redis.call("PUBLISH", ARGV[2], ARGV[3])
return 1
`);

/** KEYS: answer, claim. Gives whether the answer is there, and the milliseconds that the claim has left (-2: there is none). */
export const LOOK = redisScript(`
return { redis.call("EXISTS", KEYS[1]), redis.call("PTTL", KEYS[2]) }
`);
