#!/usr/bin/env bash
# Be told of a completed goal: make an endpoint, receive the message, and verify that it is Milepost's.
# A shell neither listens nor keeps a key to itself, so the receiver is the one of ../python.
. "$(dirname "$0")/milepost.sh"
TOKEN=$(token)

# On a laptop an endpoint may be on this machine; on AWS it is an https address of the internet.
export RECEIVER_PORT=${RECEIVER_PORT:-8787}
endpoint=$(call POST /webhook-endpoints "{\"url\": \"http://127.0.0.1:$RECEIVER_PORT/hooks\", \"event_types\": [\"goals.goal.completed\"]}")
trap 'call DELETE "/webhook-endpoints/$(field endpoint_id <<<"$endpoint")"' EXIT
MILEPOST_WEBHOOK_SECRET=$(field secret <<<"$endpoint") python3 "$(dirname "$0")/../python/receiver.py" &

goal=$(call POST /goals '{"title": "Run a marathon"}' | field goal_id)
call POST "/goals/$goal/complete" >/dev/null
wait $!
