import { OPEN_STREAM } from './open-stream.ts';
import { Script } from './script.ts';

/**
 * Lets go of events up to an offset at once, and deletes a slice of what was let go. Arguments: offset, checkpoint, slice.
 * Answers 1 where there is more to delete.
 *
 * Deleting comes before the checkpoint is written: a server that is out of memory refuses a script that begins with a write that
 * takes room, and a trim is what makes room.
 */
export const TRIM = new Script(`${OPEN_STREAM}
local target, slice = math.min(tonumber(ARGV[5]), stream.head), tonumber(ARGV[7])
local through
if target > stream.trimmed then
  local id = string.format('%.0f-0', target)
  through = string.match(redis.call('XRANGE', EVENTS, id, id)[1][2][4], '^%d+')
end

local gone = math.max(target, stream.trimmed)
local entries = redis.call('XRANGE', EVENTS, '-', string.format('%.0f-0', gone), 'COUNT', slice)
if #entries > 0 then
  local ids, expired = {}, {}
  for i, entry in ipairs(entries) do ids[i] = entry[2][2] end
  for i, offset in ipairs(redis.call('HMGET', IDS, unpack(ids))) do
    -- An id that was let go may have been appended again since.
    if offset and tonumber(offset) <= gone then expired[#expired + 1] = ids[i] end
  end
  local last = tonumber(string.match(entries[#entries][1], '^%d+'))
  redis.call('XTRIM', EVENTS, 'MINID', string.format('%.0f-0', last + 1))
  if #expired > 0 then redis.call('HDEL', IDS, unpack(expired)) end
end
if through then
  redis.call('HSET', META, 'trimmed', target, 'trimmed_bytes', through, 'checkpoint', ARGV[6])
end
return #entries == slice and 1 or 0
`);
