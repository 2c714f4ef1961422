import { SERVER_NOTE } from './server-note.ts';

/**
 * The beginning of every script: the keys of the stream, and `open`, which answers its state and makes it if it is not there.
 *
 * A stream is three keys of one hash slot:
 * - `meta`, a hash: `format`, `epoch`, `head`, `trimmed`, `bytes` (ever appended), `trimmed_bytes`, `checkpoint`, and `generation`,
 *   or in a cluster the note of the server it lies on (see {@link SERVER_NOTE}) and `asked`;
 * - `events`, a stream: entry `OFFSET-0` has the fields `i` (event id), `h` (bytes through this event, timestamp, type, thread,
 *   run, separated by tabs) and `d` (data);
 * - `ids`, a hash: event id to offset.
 *
 * `open` sees to it that an epoch never outlives events that were acknowledged under it:
 * - keys that are missing or hold fewer events than `meta` says (evicted, deleted): the stream begins again;
 * - events may be missing from the end since the stream was last opened: the epoch is renewed. On one server the record of the
 *   server tells, a fourth key: `LOOK` gives it a new generation, and each stream of an older one gets a new epoch when it is
 *   opened. In a cluster a script reaches one hash slot alone, so each stream has a note of its own server, which is compared once
 *   for each connection, and where the slot has moved.
 *
 * Arguments of every script: a new epoch, what a restart means, the name of a new generation that is asked for or nothing, `1` for a
 * stream that was not opened on this connection yet; then those of the script.
 *
 * Writes that Redis refuses when it is out of memory come first in every script: then nothing is half done.
 */
export const OPEN_STREAM = `
local META, EVENTS, IDS, RECORD = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local NEW_EPOCH, ON_RESTART, ASKED, IS_UNOPENED = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
${SERVER_NOTE}
local function begin()
  if redis.call('HLEN', META) > 0 and redis.call('HEXISTS', META, 'epoch') == 0 then
    return nil, redis.error_reply('LOGFOREIGN the key ' .. META .. ' is not of an event log')
  end
  -- Raises WRONGTYPE before anything of somebody else's is deleted.
  redis.call('XLEN', EVENTS)
  redis.call('HLEN', IDS)
  redis.call('HSET', META, 'format', 1, 'epoch', NEW_EPOCH, 'head', 0, 'trimmed', 0, 'bytes', 0, 'trimmed_bytes', 0, 'asked', ASKED)
  redis.call('HDEL', META, 'checkpoint', 'generation', 'run', 'replid', 'node', 'replicas', 'synced')
  redis.call('DEL', EVENTS, IDS)
  return { epoch = NEW_EPOCH, head = 0, trimmed = 0, bytes = 0, trimmed_bytes = 0 }
end

local function renew(stream, ...)
  redis.call('HSET', META, 'epoch', NEW_EPOCH, ...)
  stream.epoch = NEW_EPOCH
end

local function compare_generation(stream, generation_then, is_new)
  -- Another server may have taken over since the record was looked at, without the client noticing yet.
  local generation = redis.call('HGET', RECORD, 'generation')
  if not generation or not is_same_master(read_note(RECORD)) then generation = look(RECORD, NEW_EPOCH, false) end
  if generation_then == generation then return end
  -- A stream that an earlier version wrote has a note of its own, as in a cluster.
  if generation_then or (not is_new and lacks(read_note(META), server_now())) then
    renew(stream, 'generation', generation)
  else
    redis.pcall('HSET', META, 'generation', generation)
  end
end

local function compare_server(stream, node, asked_then)
  local was = read_note(META)
  local is = (was.node ~= node or not is_same_master(was)) and server_now()
  if (is and lacks(was, is)) or (ASKED ~= '' and asked_then ~= ASKED) then renew(stream, 'asked', ASKED) end
  if is then write_note(META, was, is) end
end

local function open()
  local m = redis.call('HMGET', META, 'epoch', 'head', 'trimmed', 'bytes', 'trimmed_bytes', 'format', 'generation', 'asked', 'node')
  if m[1] and m[6] ~= '1' then
    return nil, redis.error_reply('LOGFORMAT the stream was written in format ' .. tostring(m[6]) .. ', known here: 1')
  end
  local stream, fault
  if m[1] then
    stream = { epoch = m[1], head = tonumber(m[2]), trimmed = tonumber(m[3]), bytes = tonumber(m[4]), trimmed_bytes = tonumber(m[5]) }
    local kept = stream.head - stream.trimmed
    if redis.call('XLEN', EVENTS) < kept or redis.call('HLEN', IDS) < kept then stream = nil end
  end
  local is_new = not stream
  if is_new then
    stream, fault = begin()
    if not stream then return nil, fault end
    m[7], m[8], m[9] = false, ASKED, false
  end
  if RECORD then
    if IS_UNOPENED or is_new then compare_generation(stream, m[7], is_new) end
    return stream
  end
  local node = redis.pcall('CLUSTER', 'MYID')
  node = type(node) == 'string' and node or m[9] or ''
  if IS_UNOPENED or is_new or node ~= m[9] then compare_server(stream, node, m[8]) end
  return stream
end

local stream, fault = open()
if not stream then return fault end

local function head_of()
  return { stream.epoch, stream.trimmed + 1, stream.head, redis.call('HGET', META, 'checkpoint') }
end
`;
