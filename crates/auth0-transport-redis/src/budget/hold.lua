-- Pauses all machines, by the clock of the server. KEYS: the hold. ARGV: the number of seconds.
local time = redis.call('TIME')
local deadline = tonumber(time[1]) + tonumber(time[2]) / 1000000 + tonumber(ARGV[1])
if deadline > tonumber(redis.call('GET', KEYS[1]) or 0) then
    redis.call('SET', KEYS[1], string.format('%.6f', deadline), 'PX', math.ceil(tonumber(ARGV[1]) * 1000) + 1000)
    -- Notifies machines that hold reservations. A user without the right to publish skips this.
    redis.pcall('PUBLISH', KEYS[1], ARGV[1])
end
return 1
