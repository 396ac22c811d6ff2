#!/usr/bin/env bash
# Show a goal to whoever has the address: a badge, a chart and a calendar; then end that.
. "$(dirname "$0")/milepost.sh"
TOKEN=$(token)

goal=$(call POST /goals '{"title": "Run a marathon"}' | field goal_id)
link=$(call POST /links "{\"goal_id\": \"$goal\", \"name\": \"README of the running club\"}")

# The address is shown only now. Put it into a page as <img src="…">; nobody signs in to see it.
# It is as good as a key, so curl is given it where no command line shows it.
badge() { printf 'url = "%s"' "${MILEPOST_API%/api/v1}$(show '{urls[badge]}' <<<"$link")" | curl --silent --config - --output /dev/null --write-out "$1"; }
badge 'The badge is %{content_type}.\n'

call DELETE "/links/$(field link_id <<<"$link")"
badge 'After the link has ended it is %{http_code}.\n'
