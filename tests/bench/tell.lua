-- Messages for wrk: each with a fresh random UUIDv4 as its idempotency key, the areas taken in turn; or one page, asked for again and
-- again. Arguments: json, form or page, a seed, the mark of when the form was made.
-- `done` prints one line that load.py reads.

local WORDS = "The bench by the surgery has gone, and people who cannot stand for long now wait for the bus on the wall of the churchya"
local AREAS = 50
local threads = 0

function setup(thread)
   threads = threads + 1
   thread:set("number", threads)
end

local random, format = math.random, string.format
local before, after = {}, {}
local sent = 0
local page = nil

local function key()
   return format("%04x%04x-%04x-4%03x-%04x-%04x%04x%04x", random(0, 65535), random(0, 65535), random(0, 65535), random(0, 4095),
      random(32768, 49151), random(0, 65535), random(0, 65535), random(0, 65535))
end

function init(args)
   math.randomseed(tonumber(args[2]) + number * 7919)
   assert(#WORDS == 120)
   if args[1] == "page" then
      page = "GET " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\nAccept: text/html\r\n"
         .. "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en-GB,en;q=0.9\r\n\r\n"
      return
   end
   local first = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\n"
   for n = 1, AREAS do
      local area = format("area-%02d", n)
      if args[1] == "form" then
         local body = "kind=not_good&share=team_only&area=" .. area .. "&body=" .. WORDS:gsub(" ", "+"):gsub(",", "%%2C")
            .. "&made=" .. (args[3] or "") .. "&idempotency_key="
         before[n] = first .. "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\nAccept-Encoding: gzip, deflate, br\r\n"
            .. "Accept-Language: en-GB,en;q=0.9\r\nSec-Fetch-Site: same-origin\r\nContent-Length: " .. (#body + 36) .. "\r\n\r\n" .. body
         after[n] = ""
      else
         local body = format('{"kind":"not_good","body":"%s","area":"%s","share":"team_only"}', WORDS, area)
         before[n] = first .. "Content-Type: application/json\r\nContent-Length: " .. #body .. "\r\nIdempotency-Key: "
         after[n] = "\r\n\r\n" .. body
      end
   end
end

function request()
   if page then
      return page
   end
   sent = sent % AREAS + 1
   return before[sent] .. key() .. after[sent]
end

function done(summary, latency)
   local wrong = summary.errors
   io.write(format("said-bench answered=%d microseconds=%d p50=%d p99=%d refused=%d broken=%d\n", summary.requests, summary.duration,
      latency:percentile(50), latency:percentile(99), wrong.status, wrong.connect + wrong.read + wrong.write + wrong.timeout))
end
