// The scripts of the shared directory, one for each thing that is asked of it. Each takes one object as JSON and answers with
// one; what these hold is said in registry.ts.

import { LUA_REGISTRY, LUA_SPONSORS } from './lua-registry.ts';

const TAKES = `
local ask = cjson.decode(ARGV[1])
math.randomseed(ask.seed or 0)
`;

const REGISTER = `
local function wanted(record)
  if not ask.wantedId then return nil end
  local holder = entryOf(ask.wantedId)
  if holder and holder.role ~= ask.role then return { type = 'refused', reason = 'taken' } end
  local own = ask.claim and ask.claim.nodeId == ask.wantedId and ask.claim or nil
  local formerEpoch = math.max(holder and holder.epoch or 0, record and record.epoch or 0, own and own.epoch or 0)
  local signKey = (holder and holder.signKey) or (record and record.signKey)
  if signKey == ask.signKey or (not signKey and own) then return { type = 'own', formerEpoch = formerEpoch } end
  if not (ask.mayChooseId and ask.role == 'node') and not own then return { type = 'refused', reason = 'not-allowed' } end
  if not signKey and not ask.mayBeForgotten then return { type = 'free', formerEpoch = formerEpoch } end
  return { type = 'refused', reason = 'taken' }
end

local DIGITS = '0123456789abcdef'
local function nextId(id)
  for digit = #id, 1, -1 do
    local value = tonumber(id:sub(digit, digit), 16)
    if value < 15 then
      return id:sub(1, digit - 1) .. DIGITS:sub(value + 2, value + 2) .. ('0'):rep(#id - digit)
    end
  end
  return ('0'):rep(#id)
end

local function freeId()
  local id = ask.randomId
  for _ = 0, call('HLEN', 'peers') + call('HLEN', 'records') do
    local record = recordOf(id, ask.seconds)
    if call('HEXISTS', 'peers', id) == 0 and not (record and record.signKey) then return id end
    id = nextId(id)
  end
end

local function fullFor(former, current)
  if (former and former.role == ask.role) or (current and current.role == ask.role) then return nil end
  if sizes()[ask.role .. 's'] >= ask.most then return 'peers' end
  local here = tonumber(call('HGET', 'counts', ask.role .. ' ' .. ask.group) or '0')
  return here >= ask.mostOfAddress and 'address' or nil
end

local function full(reason) return cjson.encode({ type = 'full', reason = reason }) end

move(ask.moves)
if call('HGET', 'ring', 'complete') ~= '1' and now() - (call('HGET', 'ring', 'began') or now()) < ask.returnMs then
  ask.mayBeForgotten = true
end
local right = wanted(ask.wantedId and recordOf(ask.wantedId, ask.seconds))
local refusal = right and right.type == 'refused' and right.reason or nil
if ask.life == 'same' then
  local refused = nil
  if not ask.claim or not right or right.type ~= 'own' then refused = 'taken'
  elseif ask.claim.epoch < right.formerEpoch then refused = 'superseded' end
  if refused then return cjson.encode({ type = 'refused', reason = refused }) end
end

local former = entryOf(call('HGET', 'keys', keyOf(ask)))
local current = entryOf(call('HGET', 'holders', ask.holder))
if current and former and current.nodeId == former.nodeId
  and (refusal or not ask.wantedId or ask.wantedId == current.nodeId) then
  current.untilSeconds = ask.untilSeconds
  save(current)
  record(current, false, ask.mostRecords)
  local sponsor = sponsorFor(current, ask.looksBeyond)
  return cjson.encode({ type = 'registered', peer = current, refusal = refusal, sponsor = sponsor, sizes = sizes() })
end

local isFull = fullFor(former, current)
if isFull then return full(isFull) end
local nodeId = (not refusal and ask.wantedId) or freeId()
if not nodeId then return full('ids') end
local isNew = not (right and right.type == 'own')
if isNew and not ask.isAdmitted then return full('admissions') end

local gaveUp, displaced = nil, nil
if current then
  drop(current)
  record(current, true, ask.mostRecords)
  gaveUp = current
end
if former and not (current and former.nodeId == current.nodeId) then
  drop(former)
  record(former, false, ask.mostRecords)
  displaced = former
end
local sponsor = forNewcomer(false)
local formerEpoch = right and right.type ~= 'refused' and right.formerEpoch or nil
if not formerEpoch then
  local known = recordOf(nodeId, ask.seconds)
  formerEpoch = known and known.epoch or 0
end
local goesOn = ask.life == 'same' and ask.claim
local class = 0
if not goesOn and sponsor then class = class + SEEKING end
if not (goesOn and former and bit.band(former.class, SILENT) == 0) then class = class + SILENT end
local entry = {
  role = ask.role, nodeId = nodeId, signKey = ask.signKey, agreeKey = ask.agreeKey, device = ask.device,
  address = ask.address, group = ask.group, holder = ask.holder, server = ask.server, class = class,
  epoch = goesOn and ask.claim.epoch or math.max(ask.seconds, formerEpoch + 1),
  order = call('HINCRBY', 'ring', 'next', 1), untilSeconds = ask.untilSeconds,
}
add(entry)
record(entry, false, ask.mostRecords)
local isOtherLife = displaced and not goesOn and bit.band(displaced.class, STALE) == 0 and true or false
return cjson.encode({
  type = 'registered', peer = entry, refusal = refusal, sponsor = sponsor, gaveUp = gaveUp, isNew = isNew,
  displaced = displaced and { holder = displaced.holder, isOtherLife = isOtherLife } or nil, sizes = sizes(),
})
`;

const REMOVE = `
local entry = entryOf(call('HGET', 'holders', ask.holder))
if entry then
  drop(entry)
  record(entry, ask.freesId, ask.mostRecords)
end
return cjson.encode({ peer = entry, sizes = sizes() })
`;

const RENEW = `
local entry = entryOf(call('HGET', 'holders', ask.holder))
if entry then
  entry.untilSeconds = ask.untilSeconds
  save(entry)
  record(entry, false, ask.mostRecords)
end
return '{}'
`;

const FREE = `
local known = recordOf(ask.nodeId, ask.seconds)
if not (known and known.signKey) then return cjson.encode({ isFreed = false }) end
setRecord(ask.nodeId, nil, known.untilSeconds, known.epoch, ask.mostRecords)
return cjson.encode({ isFreed = true })
`;

const LOOK_UP = `
return cjson.encode({ peer = entryOf(ask.nodeId) })
`;

/** Also what of it is a sign that somebody answers. */
const SIGNAL = `
local sender, target = entryOf(ask.from), entryOf(ask.to)
if target and not isAlive(target.server, ask.leaseMs) then target = nil end
if sender and target and ask.from ~= ask.to then
  if call('SREM', 'callers:' .. ask.from, ask.to) == 1 then
    for _, entry in ipairs({ sender, target }) do
      if entry.role == 'node' then place(entry, bit.band(entry.class, 7 - SILENT)) end
    end
  elseif bit.band(sender.class, SILENT) ~= 0 or bit.band(target.class, SILENT) ~= 0 then
    local callers = 'callers:' .. ask.to
    if call('SCARD', callers) >= ask.mostCallers then call('SPOP', callers) end
    call('SADD', callers, ask.from)
  end
end
local function isAnswering(entry) return entry and (entry.role ~= 'node' or bit.band(entry.class, SILENT) == 0) end
return cjson.encode({ peer = target, isAnswered = (isAnswering(sender) and isAnswering(target)) == true })
`;

const SPONSOR = `
move(ask.moves)
local asker = entryOf(call('HGET', 'holders', ask.holder))
return cjson.encode({ sponsor = asker and sponsorFor(asker, ask.looksBeyond) or nil })
`;

/** The first word of a Discovery node: whether it is of the same ring as the others. */
const OPEN = `
local ring = call('HGET', 'ring', 'ringKey')
if ring and ring ~= ask.ringKey then return cjson.encode({ problem = 'key' }) end
local isFirst = call('ZCOUNT', 'servers', now() - ask.leaseMs, '+inf') == 0
if ring and call('HGET', 'ring', 'params') ~= ask.params and not isFirst then
  return cjson.encode({ problem = 'params' })
end
if ring and isFirst then call('HSET', 'ring', 'params', ask.params, 'returnBy', ask.seconds + ask.returnMs / 1000) end
if not ring then
  call('HSET', 'ring', 'ringKey', ask.ringKey, 'params', ask.params, 'began', now(), 'complete', ask.isComplete and 1 or 0)
  for _, each in ipairs(ask.records) do setRecord(each[1], each[2] or nil, each[3], each[4], ask.mostRecords) end
end
return '{}'
`;

/** A sign of life. What it had registered is lost if others took it for dead, or if Redis has lost all. */
const BEAT = `
if call('HEXISTS', 'ring', 'ringKey') == 0 then
  call('HSET', 'ring', 'ringKey', ask.ringKey, 'params', ask.params, 'began', now(), 'complete', 0)
end
local isLost = call('ZADD', 'servers', now(), ask.server) == 1
move(ask.moves)
local dead = call('ZRANGEBYSCORE', 'servers', '-inf', '(' .. (now() - ask.leaseMs), 'LIMIT', 0, 1)[1]
return cjson.encode({ isLost = isLost, dead = dead, count = call('SCARD', 'at:' .. ask.server), sizes = sizes() })
`;

/** Registrations that Redis has lost, told by the server that holds their sockets; answers with the sockets of those that others have by now. */
const ANNOUNCE = `
local gone = {}
for _, entry in ipairs(ask.entries) do
  local others = {}
  for _, nodeId in ipairs({ entry.nodeId, call('HGET', 'keys', keyOf(entry)) }) do
    local other = entryOf(nodeId)
    if other then others[#others + 1] = other end
  end
  local isFree = true
  for _, other in ipairs(others) do
    if other.holder == entry.holder then isFree = false
    elseif other.epoch >= entry.epoch and isAlive(other.server, ask.leaseMs) then
      isFree = false
      gone[#gone + 1] = entry.holder
    end
  end
  if isFree then
    for _, other in ipairs(others) do
      if entryOf(other.nodeId) then drop(other) end
    end
    entry.order = call('HINCRBY', 'ring', 'next', 1)
    add(entry)
    record(entry, false, ask.mostRecords)
  end
end
return cjson.encode({ gone = gone, sizes = sizes() })
`;

/** Sockets that a server has, as Redis knows. */
const HELD = `
return cjson.encode({ holders = call('SMEMBERS', 'at:' .. ask.server) })
`;

/** Removes registrations of a server that is dead, or says goodbye; some of them, so that others have their turn. */
const REAP = `
local removed = 0
if ask.isGoodbye or not isAlive(ask.server, ask.leaseMs) then
  for _, holder in ipairs(call('SRANDMEMBER', 'at:' .. ask.server, ask.batch)) do
    local entry = entryOf(call('HGET', 'holders', holder))
    if entry and entry.server == ask.server then
      drop(entry)
      record(entry, false, ask.mostRecords)
      removed = removed + 1
    end
    call('SREM', 'at:' .. ask.server, holder)
  end
  if call('SCARD', 'at:' .. ask.server) == 0 then call('ZREM', 'servers', ask.server) end
end
return cjson.encode({ removed = removed, left = call('SCARD', 'at:' .. ask.server), sizes = sizes() })
`;

/** By name; each with all that it needs. */
export const SCRIPTS = {
  register: LUA_REGISTRY + LUA_SPONSORS + TAKES + REGISTER,
  remove: LUA_REGISTRY + TAKES + REMOVE,
  renew: LUA_REGISTRY + TAKES + RENEW,
  free: LUA_REGISTRY + TAKES + FREE,
  lookUp: LUA_REGISTRY + TAKES + LOOK_UP,
  signal: LUA_REGISTRY + TAKES + SIGNAL,
  sponsor: LUA_REGISTRY + LUA_SPONSORS + TAKES + SPONSOR,
  open: LUA_REGISTRY + TAKES + OPEN,
  beat: LUA_REGISTRY + TAKES + BEAT,
  announce: LUA_REGISTRY + TAKES + ANNOUNCE,
  held: LUA_REGISTRY + TAKES + HELD,
  reap: LUA_REGISTRY + TAKES + REAP,
} as const;
export type ScriptName = keyof typeof SCRIPTS;
