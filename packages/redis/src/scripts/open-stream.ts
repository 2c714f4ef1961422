/**
 * The beginning of every script: the keys of the stream, and `open`, which answers its state and makes it if it is not there.
 *
 * A stream is three keys of one hash slot:
 * - `meta`, a hash: `format`, `epoch`, `head`, `trimmed`, `bytes` (ever appended), `trimmed_bytes`, `checkpoint`, and the server
 *   it lay on when it was last opened (`run`, `replid`, `node`);
 * - `events`, a stream: entry `OFFSET-0` has the fields `i` (event id), `h` (bytes through this event, timestamp, type, thread,
 *   run, separated by tabs) and `d` (data);
 * - `ids`, a hash: event id to offset.
 *
 * `open` sees to it that an epoch never outlives events that were acknowledged under it:
 * - keys that are missing or hold fewer events than `meta` says (evicted, deleted): the stream begins anew;
 * - another server process than last time (asked for once per connection, because `INFO` takes 10 µs): the epoch is renewed
 *   where events may be missing from the end. They may not where the server syncs before it answers, nor where the slot moved to
 *   another server of a cluster. A server that was a replica of the one before may always lack the last ones.
 *
 * Writes that Redis refuses when it is out of memory come first in every script: then nothing is half done.
 */
export const OPEN_STREAM = `
local META, EVENTS, IDS = KEYS[1], KEYS[2], KEYS[3]
local NEW_EPOCH, ON_RESTART = ARGV[1], ARGV[2]

local function info(section, field)
  local text = redis.pcall('INFO', section)
  return type(text) == 'string' and string.match(text, field .. ':(%w+)') or nil
end

local function begin()
  if redis.call('HLEN', META) > 0 and redis.call('HEXISTS', META, 'epoch') == 0 then
    return nil, redis.error_reply('LOGFOREIGN the key ' .. META .. ' is not of an event log')
  end
  -- Raises WRONGTYPE before anything of somebody else's is deleted.
  redis.call('XLEN', EVENTS)
  redis.call('HLEN', IDS)
  redis.call('HSET', META, 'format', 1, 'epoch', NEW_EPOCH, 'head', 0, 'trimmed', 0, 'bytes', 0, 'trimmed_bytes', 0)
  redis.call('HDEL', META, 'checkpoint', 'run', 'replid', 'node')
  redis.call('DEL', EVENTS, IDS)
  return { epoch = NEW_EPOCH, head = 0, trimmed = 0, bytes = 0, trimmed_bytes = 0 }
end

local function compare_server(stream, run_then, replid_then, node_then)
  local run = info('server', 'run_id')
  if not run or run == run_then then return end
  local replid = info('replication', 'master_replid')
  local node = redis.pcall('CLUSTER', 'MYID')
  node = type(node) == 'string' and node or ''
  if run_then then
    local was_replica = info('replication', 'master_replid2') == replid_then
    local moved = node ~= '' and node_then and node_then ~= '' and node ~= node_then
    local synced = ON_RESTART == 'synced' and info('persistence', 'aof_enabled') == '1'
    local kept = ON_RESTART == 'keep' or (ON_RESTART ~= 'renew' and not was_replica and (moved or synced))
    if not kept then
      stream.epoch = NEW_EPOCH
      redis.call('HSET', META, 'epoch', NEW_EPOCH)
    end
  end
  -- Not worth failing for.
  redis.pcall('HSET', META, 'run', run, 'replid', replid or '', 'node', node)
end

local function open()
  local m = redis.call('HMGET', META, 'epoch', 'head', 'trimmed', 'bytes', 'trimmed_bytes', 'format', 'run', 'replid', 'node')
  if m[1] and m[6] ~= '1' then
    return nil, redis.error_reply('LOGFORMAT the stream was written in format ' .. tostring(m[6]) .. ', known here: 1')
  end
  local stream, fault
  if m[1] then
    stream = { epoch = m[1], head = tonumber(m[2]), trimmed = tonumber(m[3]), bytes = tonumber(m[4]), trimmed_bytes = tonumber(m[5]) }
    local kept = stream.head - stream.trimmed
    if redis.call('XLEN', EVENTS) < kept or redis.call('HLEN', IDS) < kept then stream = nil end
  end
  if not stream then
    stream, fault = begin()
    if not stream then return nil, fault end
    m[7] = false
  end
  if ON_RESTART ~= '' then compare_server(stream, m[7], m[8], m[9]) end
  return stream
end

local stream, fault = open()
if not stream then return fault end

local function head_of()
  return { stream.epoch, stream.trimmed + 1, stream.head, redis.call('HGET', META, 'checkpoint') }
end
`;
