-- wrk -s wrk.lua URL -- FILE: sends the requests of FILE in turn. A line is: authorization, viewer, body, with tabs
-- between them. At the end one line of JSON says how it went.

local requests = {}
local position = 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local authorization, viewer, body = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
    requests[#requests + 1] = wrk.format("POST", "/graphql", {
      ["content-type"] = "application/json",
      ["accept"] = "application/json",
      ["authorization"] = authorization,
      ["x-viewer"] = viewer,
      ["host"] = "127.0.0.1",
    }, body)
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.4f,"bytes":%d,"p50":%.4f,"p99":%.4f,"bad":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
