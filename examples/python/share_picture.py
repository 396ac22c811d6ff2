"""Show a goal to whoever has the address: a badge, a chart and a calendar; then end that."""

import urllib.error
import urllib.request

from milepost import API, call

goal = call("POST", "/goals", {"title": "Run a marathon"})
link = call("POST", "/links", {"goal_id": goal["goal_id"], "name": "README of the running club"})

# The address is shown only now. Put it into a page as <img src="…">; nobody signs in to see it.
badge = API.removesuffix("/api/v1") + link["urls"]["badge"]
with urllib.request.urlopen(badge) as picture:
    print(f"The badge is {picture.headers['content-type']}.")

call("DELETE", f"/links/{link['link_id']}")
try:
    urllib.request.urlopen(badge)
except urllib.error.HTTPError as refusal:
    print(f"After the link has ended it is {refusal.code}.")
