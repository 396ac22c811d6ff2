#!/usr/bin/env bash
# List all goals with their progress, page by page.
. "$(dirname "$0")/milepost.sh"
TOKEN=$(token)

page=$(call GET "/goals?limit=2")
while true; do
  show_each items '{progress[progress_percentage]:.2f} % {title}' <<<"$page"
  cursor=$(field next_cursor <<<"$page")
  [ "$cursor" != None ] || break
  page=$(call GET "/goals?limit=2&cursor=$cursor")
done
