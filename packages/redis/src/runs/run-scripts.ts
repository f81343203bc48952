import { redisScript } from "../connection/redis-script.js";

/** What a script answers about a write. */
export type WriteAnswer = "ok" | "taken over" | "conflict";

const REFUSE_OTHERS = `
local owner = redis.call('GET', KEYS[1])
if ARGV[1] ~= '' and owner and owner ~= ARGV[1] then return 'taken over' end
-- A job may wait longer than runs are kept.
local life = math.max(tonumber(ARGV[2]), redis.call('PTTL', KEYS[1]))
`;

/**
 * Adds an event behind the others and tells of it. The very same event once more is no mistake: its first answer was
 * lost.
 *
 * KEYS owner, events, kept; ARGV holder, ttl, channel, seq, json, "1" for a final event.
 */
export const APPEND = redisScript(`${REFUSE_OTHERS}
local id = '0-' .. ARGV[4]
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
if last and tonumber(string.sub(last[1], 3)) >= tonumber(ARGV[4]) then
  local there = redis.call('XRANGE', KEYS[2], id, id)[1]
  if there and there[2][2] == ARGV[5] then return 'ok' end
  return 'conflict'
end
if ARGV[6] == '1' then
  redis.call('XADD', KEYS[2], id, 'e', ARGV[5], 'f', '1')
else
  redis.call('XADD', KEYS[2], id, 'e', ARGV[5])
end
redis.call('PEXPIRE', KEYS[2], life)
redis.call('PEXPIRE', KEYS[3], life)
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 'ok'
`);

/** Keeps a value. KEYS owner, events, kept; ARGV holder, ttl, key, json. */
export const KEEP = redisScript(`${REFUSE_OTHERS}
redis.call('HSET', KEYS[3], ARGV[3], ARGV[4])
redis.call('PEXPIRE', KEYS[2], life)
redis.call('PEXPIRE', KEYS[3], life)
return 'ok'
`);

/**
 * Takes, renews or gives back (0 ms) the right to run; answers 1, "stop" where the run is asked to stop, or 0 while
 * another one has it. A run that is taken anew after its end is not stopped by what was asked before. Who renews what
 * another one has had since has lost it.
 *
 * KEYS lease, events, kept, cancel, owner; ARGV holder, ttl, ms, "1" to renew.
 */
export const LEASE = redisScript(`
local current = redis.call('GET', KEYS[1])
if current and current ~= ARGV[1] then return 0 end
if ARGV[3] == '0' then
  redis.call('DEL', KEYS[1])
  return 1
end
local owner = redis.call('GET', KEYS[5])
if ARGV[4] == '1' and owner and owner ~= ARGV[1] then return 0 end
local life = math.max(tonumber(ARGV[2]), tonumber(ARGV[3]))
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
redis.call('SET', KEYS[5], ARGV[1], 'PX', life)
redis.call('PEXPIRE', KEYS[2], life)
redis.call('PEXPIRE', KEYS[3], life)
if not current then
  local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
  if last and last[2][3] == 'f' then redis.call('DEL', KEYS[4]) end
end
if redis.call('EXISTS', KEYS[4]) == 1 then return 'stop' end
return 1
`);

/** Asks a run to stop, for as long as it may be taken up. KEYS cancel, owner; ARGV ttl, channel. */
export const CANCEL = redisScript(`
redis.call('SET', KEYS[1], '1', 'PX', math.max(tonumber(ARGV[1]), redis.call('PTTL', KEYS[2])))
redis.call('PUBLISH', ARGV[2], '')
return 1
`);

/** Everything kept, as keys and values in turn; null for an unknown run. A script: some clients make objects of maps. */
export const LOAD = redisScript(`
local kept = redis.call('HGETALL', KEYS[1])
if #kept == 0 and redis.call('EXISTS', KEYS[2]) == 0 then return false end
return kept
`);
