"""A day that somebody chooses on the page ends in the time zone of the goal, wherever the browser is."""

import json
import os
import subprocess

from functions.portal import files
from shared.instants import from_rfc3339, to_rfc3339
from tests.goals.days import DAYS

ASKED = "console.log(JSON.stringify(JSON.parse(process.argv[1]).map(([zone, day]) => endOfDay(day, zone))));"


def test_it_ends_with_its_last_millisecond_also_where_clocks_change() -> None:
    module = (files.FOLDER / "dashboard" / "zones.js").read_text()
    days = json.dumps([[zone, day] for zone, day, _ in DAYS])
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", module + ASKED, days],
        env={**os.environ, "TZ": "America/Los_Angeles"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(ran.stdout) == [to_rfc3339(from_rfc3339(end) - 1) for _, _, end in DAYS]
