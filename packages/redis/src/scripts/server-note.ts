/**
 * What scripts know of the server that runs them, and the note of it that lies in a hash: `run` (its process), `replid` (its
 * replication id), `node` (its name in a cluster), `replicas` (`1` where it had any) and `synced` (`1` where it synced before it
 * answered). A note is replicated with everything else, so a replica that takes over finds the note of the master it followed.
 *
 * `lacks(was, is)` says whether events that were acknowledged while the note was true may be missing now:
 * - The same process with the same replication id has been the master ever since. A master that became a replica, and is the
 *   master again, has another replication id, and a second one, of the master that it followed: what it held was replaced by what
 *   that one held. A new id alone is nothing: a master takes one when its first replica comes.
 * - A slot that moved to another server of a cluster lacks nothing: the one before is a master still, of other slots.
 * - A replica that was promoted may always lack the last events, also one that was restarted since. So another process counts as
 *   the same server, restarted, only where it followed no other one and the server never had a replica.
 * - A server that was restarted lacks nothing if it synced before it answered.
 */
export const SERVER_NOTE = `
local function section(name)
  local text = redis.pcall('INFO', name)
  return type(text) == 'string' and text or ''
end

local function server_now()
  local server, replication = section('server'), section('replication')
  local is = {
    run = string.match(server, 'run_id:(%w+)') or '',
    replid = string.match(replication, 'master_replid:(%w+)') or '',
    replid_before = string.match(replication, 'master_replid2:(0*[1-9a-f]%w*)') or '',
    replicas = tonumber(string.match(replication, 'connected_slaves:(%d+)') or 0) > 0 and '1' or '',
    node = '',
    has_file = string.match(section('persistence'), 'aof_enabled:(%d)') == '1',
  }
  is.synced = ON_RESTART == 'synced' and is.has_file and '1' or ''
  local node = redis.pcall('CLUSTER', 'MYID')
  if type(node) == 'string' then is.node = node end
  return is
end

local function is_master_of_slots(node)
  local nodes = redis.pcall('CLUSTER', 'NODES')
  local flags, slots = string.match(type(nodes) == 'string' and nodes or '', node .. ' %S+ (%S+) %S+ %S+ %S+ %S+ %S+([^\\n]*)')
  return flags ~= nil and string.find(flags, 'master', 1, true) and not string.find(flags, 'fail', 1, true) and string.find(slots, '%d')
end

-- A master takes another replication id whenever it is started or promoted: the same one is the same process. Costs a third of
-- what asking for everything does.
local function is_same_master(was)
  local replication = section('replication')
  return was.replid ~= '' and string.find(replication, 'role:master', 1, true) and string.find(replication, 'master_replid:' .. was.replid, 1, true)
end

local function read_note(key)
  local m = redis.call('HMGET', key, 'run', 'replid', 'node', 'replicas', 'synced')
  return { run = m[1] or '', replid = m[2] or '', node = m[3] or '', replicas = m[4] or '', synced = m[5] or '' }
end

local function lacks(was, is)
  if was.run == '' or is.run == '' or ON_RESTART == 'keep' then return false end
  if was.run == is.run then return was.replid ~= '' and was.replid ~= is.replid and is.replid_before ~= '' end
  if ON_RESTART == 'renew' then return true end
  if was.node ~= '' and is.node ~= '' and was.node ~= is.node then
    return was.replid == is.replid_before or not is_master_of_slots(was.node)
  end
  local was_alone = was.replicas == '' and is.replicas == '' and is.replid_before == ''
  return not (was_alone and was.synced ~= '' and is.has_file)
end

-- Not worth failing for: where there is no memory for it, the next look finds the older note.
local function write_note(key, was, is)
  if is.run == '' then return end
  local replicas = is.replicas
  if replicas == '' and was.run == is.run then replicas = was.replicas end
  if was.run == is.run and was.replid == is.replid and was.node == is.node and was.replicas == replicas and was.synced == is.synced then
    return
  end
  redis.pcall('HSET', key, 'run', is.run, 'replid', is.replid, 'node', is.node, 'replicas', replicas, 'synced', is.synced)
end

-- The generation that the record of a server has, and a new one where events may be missing since the note in it. It is written
-- before the note: a server out of memory refuses it, and the next look finds the same again.
local function look(record, new_generation, is_wanted)
  local generation = redis.call('HGET', record, 'generation')
  local was, is = read_note(record), server_now()
  if not generation or is_wanted or lacks(was, is) then
    generation = new_generation
    redis.call('HSET', record, 'generation', generation)
  end
  write_note(record, was, is)
  return generation
end
`;
