-- Reserves requests in each bucket, by the clock of the server.
-- KEYS: the hold, then a bucket for each limit that they count against.
-- ARGV: the number of requests, the tenant's last remaining (or -1) and its age in seconds, then burst and rate of each bucket.
-- Returns, for each bucket, in how many seconds it starts to count and its level at that time, as strings.
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local held_until = tonumber(redis.call('GET', KEYS[1]) or 0)
local count, left, age = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local replies = {}
for index = 2, #KEYS do
    local burst, rate = tonumber(ARGV[index * 2]), tonumber(ARGV[index * 2 + 1])
    local kept = redis.call('HMGET', KEYS[index], 'level', 'at')
    local level, at = tonumber(kept[1]) or burst, tonumber(kept[2]) or now
    -- Without a hold, a time in the future was written by a clock that has been set back since.
    if at > now and at > held_until then
        at = now
    end
    if now > at then
        level = math.min(burst, level + (now - at) * rate)
        at = now
    end
    -- The tenant has fewer tokens than the bucket, because another program calls it, too. It never has more.
    if index == 2 and left >= 0 and left + age * rate < level then
        level = left + age * rate
    end
    -- After a hold there is one token, and the others follow at the rate.
    if held_until > at then
        level = math.min(level, 1)
        at = held_until
    end
    replies[#replies + 1] = tostring(at - now)
    replies[#replies + 1] = tostring(level)
    redis.call('HSET', KEYS[index], 'level', tostring(level - count), 'at', string.format('%.6f', at))
    local full_after = at - now + (burst - level + count) / rate
    redis.call('PEXPIRE', KEYS[index], math.ceil(full_after * 1000) + 60000)
end
return replies
