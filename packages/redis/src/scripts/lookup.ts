import { OPEN_STREAM } from './open-stream.ts';
import { Script } from './script.ts';

/** Offsets of event ids. Arguments: at most 1,000 ids. Answers the offset of each, 0 for one that is not there. */
export const LOOKUP = new Script(`${OPEN_STREAM}
local answer = {}
for i, offset in ipairs(redis.call('HMGET', IDS, unpack(ARGV, 5))) do
  offset = offset and tonumber(offset) or 0
  answer[i] = offset > stream.trimmed and offset or 0
end
return answer
`);
