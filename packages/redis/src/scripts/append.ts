import { OPEN_STREAM } from './open-stream.ts';
import { Script } from './script.ts';

/**
 * Appends events: all or none, each id once, numbered without holes, and publishes them.
 *
 * Arguments: how to publish, channel, largest message with events in it, time to live in milliseconds or 0, whether there is an
 * expected head, its epoch, its offset; then id, header and data of each event.
 * Answers `0` and the head for a conflict, or `1`, the epoch and an offset for each event, negative for one that was known.
 *
 * A message is one record, separated from the events that follow it, each a record of its own: epoch, offset before, newest
 * offset, number of events. Where the events would be too large none follow, and whoever listens reads them.
 */
export const APPEND = new Script(`${OPEN_STREAM}
local PUBLISH, CHANNEL, MAX_MESSAGE, TTL = ARGV[5], ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])
local FIRST, CHUNK = 12, 1000
if ARGV[9] == '1' and (ARGV[10] ~= stream.epoch or tonumber(ARGV[11]) ~= stream.head) then
  return { 0, head_of() }
end

local known = {}
for from = FIRST, #ARGV, 3 * CHUNK do
  local ids = {}
  for i = from, math.min(from + 3 * CHUNK, #ARGV + 1) - 3, 3 do ids[#ids + 1] = ARGV[i] end
  local offsets = redis.call('HMGET', IDS, unpack(ids))
  for i, id in ipairs(ids) do
    local offset = offsets[i] and tonumber(offsets[i])
    if offset and offset > stream.trimmed then known[id] = offset end
  end
end

local head, bytes, size = stream.head, stream.bytes, 0
local answers, records, pairs_of_ids = {}, {}, {}
for i = FIRST, #ARGV, 3 do
  local id, header, data = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if known[id] then
    answers[#answers + 1] = -known[id]
  else
    head, bytes = head + 1, bytes + #data
    header = string.format('%.0f', bytes) .. '\\t' .. header
    redis.call('XADD', EVENTS, string.format('%.0f', head) .. '-0', 'i', id, 'h', header, 'd', data)
    known[id] = head
    answers[#answers + 1] = head
    pairs_of_ids[#pairs_of_ids + 1] = id
    pairs_of_ids[#pairs_of_ids + 1] = head
    size = size + #id + #header + #data + 3
    if size <= MAX_MESSAGE then records[#records + 1] = id .. '\\31' .. header .. '\\31' .. data end
  end
end

if head > stream.head then
  redis.call('HSET', META, 'head', head, 'bytes', bytes)
  for from = 1, #pairs_of_ids, 2 * CHUNK do
    redis.call('HSET', IDS, unpack(pairs_of_ids, from, math.min(from + 2 * CHUNK, #pairs_of_ids + 1) - 1))
  end
  local about = string.format('%s\\31%.0f\\31%.0f\\31%d', stream.epoch, stream.head, head, size <= MAX_MESSAGE and #records or 0)
  -- Sharded messages came with version 7, as did the variable.
  local sharded = PUBLISH == 'sharded' and redis.REDIS_VERSION_NUM ~= nil
  local message = size <= MAX_MESSAGE and about .. '\\30' .. table.concat(records, '\\30') or about
  redis.call(sharded and 'SPUBLISH' or 'PUBLISH', CHANNEL, message)
end
if TTL > 0 then
  for _, key in ipairs({ META, EVENTS, IDS }) do redis.call('PEXPIRE', key, TTL) end
end
return { 1, stream.epoch, answers }
`);
