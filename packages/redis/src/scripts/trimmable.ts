import { OPEN_STREAM } from './open-stream.ts';
import { Script } from './script.ts';

/**
 * What a retention policy lets go. Arguments: most events or -1, most bytes or -1, timestamp from which an event is too old or an
 * empty text, offset up to which an earlier call found that all may go.
 * Answers the offset, and 1 where a slice ended before the answer was found: call again with it.
 */
export const TRIMMABLE = new Script(`${OPEN_STREAM}
local SLICE = 100
local max_events, max_bytes, too_old = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])

local function bytes_through(offset)
  local id = string.format('%.0f-0', offset)
  local entry = redis.call('XRANGE', EVENTS, id, id)[1]
  return tonumber(string.match(entry[2][4], '^%d+'))
end

local up_to = math.max(stream.trimmed, tonumber(ARGV[8]))
local function answer(is_more)
  return { up_to > stream.trimmed and up_to or 0, is_more }
end
if max_events >= 0 then up_to = math.max(up_to, stream.head - max_events) end
local enough = stream.bytes - max_bytes
if max_bytes >= 0 and enough > stream.trimmed_bytes and stream.head > stream.trimmed then
  local low, high = stream.trimmed + 1, stream.head
  while low < high do
    local middle = math.floor((low + high) / 2)
    if bytes_through(middle) >= enough then high = middle else low = middle + 1 end
  end
  up_to = math.max(up_to, high)
end

if too_old then
  local entries = redis.call('XRANGE', EVENTS, string.format('%.0f-0', up_to + 1), '+', 'COUNT', SLICE)
  for _, entry in ipairs(entries) do
    if tonumber(string.match(entry[2][4], '^%d+\\t(-?%d+)')) > too_old then return answer(0) end
    up_to = up_to + 1
  end
  if #entries == SLICE then return answer(1) end
end
return answer(0)
`);
