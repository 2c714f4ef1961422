import { Script } from './script.ts';
import { SERVER_NOTE } from './server-note.ts';

/**
 * Compares the server with the note of it, and answers the generation of what it holds, and how often it was looked at.
 *
 * Key: a hash with the note, `generation`, `asked` (the last new generation that was asked for by name) and `looks`. Arguments: a
 * new generation, what a restart means, the name of a new generation that is asked for or nothing, the generation and the number of
 * looks that the caller knows. A generation that the caller knows, with fewer looks than it knows, is an older copy of the data.
 */
export const LOOK = new Script(`
local RECORD, NEW_GENERATION, ON_RESTART, ASKED, KNOWN, KNOWN_LOOKS = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
${SERVER_NOTE}
if string.find(section('replication'), 'role:slave', 1, true) then
  return redis.error_reply('READONLY the server is a replica')
end
local m = redis.call('HMGET', RECORD, 'generation', 'asked', 'looks')
local looks = tonumber(m[3] or 0)
local is_older = m[1] == KNOWN and looks < KNOWN_LOOKS
local is_asked = ASKED ~= '' and ASKED ~= m[2]
local generation = look(RECORD, NEW_GENERATION, is_older or is_asked)
if is_asked then redis.call('HSET', RECORD, 'asked', ASKED) end
local counted = redis.pcall('HINCRBY', RECORD, 'looks', 1)
return { generation, type(counted) == 'number' and counted or looks }
`);
