import { redisScript } from "../connection/redis-script.js";

/**
 * What becomes of reservations: one script for all of it, so that a server that could reserve knows the rest, too, and a
 * mark is made with the one command that leaves the process.
 *
 * Everything lies beside KEYS[1], the index of reservations by expiry, so that a client's own key prefix holds for all
 * of it. ARGV: the time (Redis's own where it is empty), the verb, and
 * - reserve: id, milliseconds until it lapses, milliseconds that counters outlive their windows, the same for windows
 *   that never end; then counter, limit, amount, end of window for each entry. Gives 1; or 0, the place of the entry
 *   without room and what is used of it; or -1 where the reservation has been ended before it was made.
 * - sent: id. From now on it stays counted until it is ended.
 * - end: id, what was spent, and how long an id that is not known is kept from being reserved, 0 for not at all: one
 *   that is given back may be asked for yet by a client whose connection broke.
 * - renew: milliseconds until they lapse, ids. Those that have lapsed stay so.
 *
 * A reservation that fails has taken nothing. Money is decimal text, to 24 decimals, and three limbs of 13 digits while
 * it is reckoned with: a double holds 15.
 */
export const BUDGET = redisScript(`
local base = string.sub(KEYS[1], 1, -#'reservations' - 1)
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local AMOUNT = '^(%d+)%.?(%d*)$'

local function limbs(text)
  local whole, fraction = string.match(text, AMOUNT)
  local digits = '000' .. whole .. fraction .. string.rep('0', 24 - #fraction)
  return { tonumber(string.sub(digits, 1, -27)), tonumber(string.sub(digits, -26, -14)), tonumber(string.sub(digits, -13)) }
end

local function text(money)
  local digits = string.format('%.0f%013.0f%013.0f', money[1], money[2], money[3])
  local whole = string.gsub(string.sub(digits, 1, -25), '^0+(%d)', '%1')
  local fraction = string.gsub(string.sub(digits, -24), '0+$', '')
  if fraction == '' then return whole end
  return whole .. '.' .. fraction
end

local function sum(a, b, sign)
  local low = a[3] + sign * b[3]
  local carry = math.floor(low / 1e13)
  local middle = a[2] + sign * b[2] + carry
  local top = math.floor(middle / 1e13)
  local high = a[1] + sign * b[1] + top
  -- Only a counter that was lost can fall below nothing.
  if high < 0 then return { 0, 0, 0 } end
  return { high, middle - top * 1e13, low - carry * 1e13 }
end

local function exceeds(a, b)
  for limb = 1, 3 do
    if a[limb] ~= b[limb] then return a[limb] > b[limb] end
  end
  return false
end

local NOTHING = { 0, 0, 0 }

-- Changes a counter that is still there: one whose window is long over is not made again. One that was overwritten by
-- hand stays as it is: it must not keep others from being changed.
local function change(counter, more, less)
  local used = redis.pcall('GET', base .. counter)
  if type(used) ~= 'string' or not string.find(used, AMOUNT) then return end
  redis.call('SET', base .. counter, text(sum(sum(limbs(used), more, 1), less, -1)), 'KEEPTTL')
end

local function record(id)
  return base .. 'reservation:' .. id
end

-- Calls back with every counter of a reservation and what is set aside in it; gives its state.
local function read(id, each)
  local fields = redis.call('HGETALL', record(id))
  local state, counters, amounts = nil, {}, {}
  for at = 1, #fields, 2 do
    local name, value = fields[at], fields[at + 1]
    if name == 'state' then state = value
    elseif string.sub(name, 1, 1) == 'c' then counters[string.sub(name, 2)] = value
    else amounts[string.sub(name, 2)] = value end
  end
  for place, counter in pairs(counters) do each(counter, limbs(amounts[place]), state) end
  return state
end

local function reserve()
  local id, lapseMs, slackMs, endlessMs = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

  -- What was never sent in time is given back; who comes late all the same is still known.
  local function lapse(most)
    local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, most)
    for _, late in ipairs(due) do
      read(late, function(counter, amount) change(counter, NOTHING, amount) end)
      if redis.call('EXISTS', record(late)) == 1 then redis.call('HSET', record(late), 'state', 'lapsed') end
      redis.call('ZREM', KEYS[1], late)
    end
    return #due
  end

  local entries = {}
  for at = 7, #ARGV, 4 do
    entries[#entries + 1] = { counter = ARGV[at], limit = ARGV[at + 1], amount = ARGV[at + 2], ends = tonumber(ARGV[at + 3]) }
  end

  local function full()
    for place, entry in ipairs(entries) do
      local used = redis.call('GET', base .. entry.counter) or '0'
      -- One that holds no amount fails here, before anything is written.
      local before = limbs(used)
      if entry.limit ~= '' and (entry.amount == '' or exceeds(sum(before, limbs(entry.amount), 1), limbs(entry.limit))) then
        return { 0, place, used }
      end
    end
  end

  -- A client whose connection broke may ask twice.
  local known = redis.call('HGET', record(id), 'state')
  if known == 'ended' then return { -1 } end
  if known then return { 1 } end

  lapse(50)
  local refusal = full()
  while refusal and lapse(500) > 0 do refusal = full() end
  if refusal then return refusal end

  local fields, lifeMs = { 'state', 'open' }, lapseMs * 2
  for place, entry in ipairs(entries) do
    local amount = entry.amount == '' and '0' or entry.amount
    local leftMs = entry.ends and math.max(entry.ends - now, 0) + slackMs or endlessMs
    local key = base .. entry.counter
    local used = redis.call('GET', key)
    if used then redis.call('SET', key, text(sum(limbs(used), limbs(amount), 1)), 'KEEPTTL')
    elseif entry.ends then redis.call('SET', key, amount, 'PX', leftMs)
    else redis.call('SET', key, amount) end
    lifeMs = math.max(lifeMs, leftMs)
    fields[#fields + 1] = 'c' .. place
    fields[#fields + 1] = entry.counter
    fields[#fields + 1] = 'a' .. place
    fields[#fields + 1] = amount
  end
  redis.call('HSET', record(id), unpack(fields))
  redis.call('PEXPIRE', record(id), lifeMs)
  redis.call('ZADD', KEYS[1], now + lapseMs, id)
  return { 1 }
end

local function sent()
  local id = ARGV[3]
  local state = redis.call('HGET', record(id), 'state')
  if state ~= 'open' and state ~= 'lapsed' then return 0 end
  -- Given back already, and sent all the same: it may be spent.
  if state == 'lapsed' then read(id, function(counter, amount) change(counter, amount, NOTHING) end) end
  redis.call('HSET', record(id), 'state', 'sent')
  redis.call('ZREM', KEYS[1], id)
  return 1
end

local function finish()
  local id, spent, keepMs = ARGV[3], limbs(ARGV[4]), tonumber(ARGV[5])
  local state = read(id, function(counter, amount, state)
    change(counter, spent, state == 'lapsed' and NOTHING or amount)
  end)
  if state == nil and keepMs > 0 then
    redis.call('HSET', record(id), 'state', 'ended')
    redis.call('PEXPIRE', record(id), keepMs)
  end
  if state == nil or state == 'ended' then return 0 end
  redis.call('DEL', record(id))
  redis.call('ZREM', KEYS[1], id)
  return 1
end

local function renew()
  for at = 4, #ARGV do redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[3]), ARGV[at]) end
  return 1
end

local verbs = { reserve = reserve, sent = sent, ['end'] = finish, renew = renew }
return verbs[ARGV[2]]()
`);
