import { OPEN_STREAM } from './open-stream.ts';
import { Script } from './script.ts';

/**
 * Reads events after an offset. Arguments: offset, limit.
 * Answers the epoch, the first event's offset, then id, header and data of each event.
 */
export const READ = new Script(`${OPEN_STREAM}
local from = math.max(tonumber(ARGV[3]), stream.trimmed) + 1
local answer = { stream.epoch, from }
local entries = redis.call('XRANGE', EVENTS, string.format('%.0f-0', from), '+', 'COUNT', ARGV[4])
for _, entry in ipairs(entries) do
  local fields = entry[2]
  answer[#answer + 1] = fields[2]
  answer[#answer + 1] = fields[4]
  answer[#answer + 1] = fields[6]
end
if #entries > 0 and entries[#entries][1] ~= string.format('%.0f-0', from + #entries - 1) then
  return redis.error_reply('LOGFOREIGN the entries of ' .. EVENTS .. ' are not numbered one after the other')
end
return answer
`);
