// What all scripts of the shared directory begin with: how a ring's registrations lie in Redis, in Lua. A script runs there as
// one step, which is what makes ids and keys unique among several Discovery nodes; hence the rules of memory-directory.ts,
// id-rights.ts and sponsors.ts once more. The contract suite of the tests runs against both.
//
// Below the prefix of the ring, KEYS[1]:
//   ring            hash: the ring's key and parameters, since when the data is here, and whether its records are complete
//   peers           hash: id -> registration, JSON
//   holders, keys   hashes: socket, and role with key -> id
//   counts          hash: registrations of a role, in all and of each network address
//   order           sorted set: nodes by registration
//   pool:0 … pool:7 sets: nodes by class, whose number has the bits 1 not heard of lately, 2 still joining, 4 not seen to answer
//   callers:<id>    set: who has signalled to it and not been answered
//   servers, at:<server>   sorted set: the Discovery nodes by their last sign of life; sets: the sockets of each
//   records, record-order  hash: id -> [key or false, until, epoch], JSON; sorted set: by their last change

export const LUA_REGISTRY = `
local prefix = KEYS[1]
local function at(name) return prefix .. name end
local function call(command, name, ...) return redis.call(command, at(name), ...) end

local STALE, SEEKING, SILENT = 1, 2, 4

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function entryOf(nodeId)
  if not nodeId then return nil end
  local text = call('HGET', 'peers', nodeId)
  return text and cjson.decode(text) or nil
end

local function save(entry) call('HSET', 'peers', entry.nodeId, cjson.encode(entry)) end
local function keyOf(entry) return entry.role .. ' ' .. entry.signKey end

local function count(role, group, by)
  call('HINCRBY', 'counts', role, by)
  if call('HINCRBY', 'counts', role .. ' ' .. group, by) < 1 then call('HDEL', 'counts', role .. ' ' .. group) end
end

local function sizes()
  return { nodes = tonumber(call('HGET', 'counts', 'node') or '0'), clients = tonumber(call('HGET', 'counts', 'client') or '0') }
end

local function recordOf(nodeId, seconds)
  local text = call('HGET', 'records', nodeId)
  if not text then return nil end
  local record = cjson.decode(text)
  -- After an absence of all servers even those that have ended are somebody's who may be in the ring still.
  if math.max(record[2], tonumber(call('HGET', 'ring', 'returnBy') or '0')) <= seconds then return nil end
  return { signKey = record[1] or nil, untilSeconds = record[2], epoch = record[3] }
end

local function setRecord(nodeId, signKey, untilSeconds, epoch, most)
  call('HSET', 'records', nodeId, cjson.encode({ signKey or false, untilSeconds, epoch }))
  call('ZADD', 'record-order', call('HINCRBY', 'ring', 'next', 1), nodeId)
  if call('HLEN', 'records') > most then
    local oldest = call('ZPOPMIN', 'record-order')[1]
    call('HDEL', 'records', oldest)
  end
end

local function record(entry, isFree, most)
  if entry.role ~= 'node' then return end
  local signKey = entry.signKey
  if isFree then signKey = nil end
  setRecord(entry.nodeId, signKey, entry.untilSeconds, entry.epoch, most)
end

local function place(entry, class)
  if entry.class == class then return end
  call('SREM', 'pool:' .. entry.class, entry.nodeId)
  entry.class = class
  call('SADD', 'pool:' .. class, entry.nodeId)
  save(entry)
end

-- What time has done to the classes of the nodes of one server: pairs of bits to set and to clear, by id.
local function move(moves)
  for nodeId, change in pairs(moves) do
    local entry = entryOf(nodeId)
    if entry and entry.role == 'node' then
      place(entry, bit.band(bit.bor(entry.class, change[1]), 7 - change[2]))
    end
  end
end

local function add(entry)
  save(entry)
  call('HSET', 'holders', entry.holder, entry.nodeId)
  call('HSET', 'keys', keyOf(entry), entry.nodeId)
  call('SADD', 'at:' .. entry.server, entry.holder)
  count(entry.role, entry.group, 1)
  if entry.role == 'node' then
    call('ZADD', 'order', entry.order, entry.nodeId)
    call('SADD', 'pool:' .. entry.class, entry.nodeId)
  end
end

local function drop(entry)
  call('HDEL', 'peers', entry.nodeId)
  call('HDEL', 'holders', entry.holder)
  call('HDEL', 'keys', keyOf(entry))
  call('SREM', 'at:' .. entry.server, entry.holder)
  call('DEL', 'callers:' .. entry.nodeId)
  count(entry.role, entry.group, -1)
  if entry.role == 'node' then
    call('ZREM', 'order', entry.nodeId)
    call('SREM', 'pool:' .. entry.class, entry.nodeId)
  end
end

local function isAlive(server, leaseMs)
  local beat = call('ZSCORE', 'servers', server)
  return beat and now() - tonumber(beat) <= leaseMs
end
`;

/** Whom a newcomer should contact: the rules of sponsors.ts. Drawing takes as long however many nodes there are. */
export const LUA_SPONSORS = `
local function poolsWithout(bits, out)
  local pools, total = {}, 0
  for class = 0, 7 do
    if bit.band(class, bits) == 0 then
      local size = call('SCARD', 'pool:' .. class)
      local holdsOut = out and out.role == 'node' and out.class == class
      if holdsOut then size = size - 1 end
      total = total + size
      pools[#pools + 1] = { class = class, size = size, holdsOut = holdsOut }
    end
  end
  return pools, total
end

-- One of all nodes without these bits, but 'out', each as likely.
local function draw(bits, out)
  local pools, total = poolsWithout(bits, out)
  if total < 1 then return nil end
  local rest = math.random(total)
  for _, pool in ipairs(pools) do
    if rest <= pool.size then
      if not pool.holdsOut then return call('SRANDMEMBER', 'pool:' .. pool.class) end
      local two = call('SRANDMEMBER', 'pool:' .. pool.class, 2)
      if two[1] == out.nodeId then return two[2] end
      if two[2] == out.nodeId then return two[1] end
      return two[math.random(2)]
    end
    rest = rest - pool.size
  end
end

local function forNewcomer(looksBeyond)
  return (not looksBeyond and draw(STALE + SILENT)) or draw(STALE) or draw(0)
end

local EARLIER_DRAWS = 8
local function earlierThan(asker)
  for _ = 1, EARLIER_DRAWS do
    local drawn = draw(STALE, asker)
    if not drawn then break end
    if tonumber(call('ZSCORE', 'order', drawn)) < asker.order then return drawn end
  end
  local earliest = call('ZRANGE', 'order', 0, 0)[1]
  if earliest == asker.nodeId then return nil end
  return earliest
end

local function forAsker(asker, looksBeyond)
  local sponsor = (not looksBeyond and draw(SEEKING + STALE + SILENT, asker)) or draw(SEEKING + STALE, asker)
    or draw(SEEKING, asker) or earlierThan(asker)
  local seeking = sponsor and SEEKING or 0
  place(asker, bit.bor(bit.band(asker.class, 7 - SEEKING), seeking))
  return sponsor
end

local function sponsorFor(asker, looksBeyond)
  if asker.role == 'client' then return forNewcomer(looksBeyond) end
  return forAsker(asker, looksBeyond)
end
`;
