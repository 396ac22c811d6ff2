"""How Python 3.14 came about, as a project: milestones by the number of releases, judged by the reference evaluator.

They are made through the API; what they have reached, the evaluator tells.
"""

import csv
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.demo.account import Account
from infra.demo.histories import DATA

MILESTONES = "/api/v1/milestones"
PROJECT = "python-3.14"
# On a new stage every function starts for the first time, all at once.
PATIENCE_SECONDS = 60

Milestone = dict[str, Any]

# A KPI is how many releases are out whose name begins so, in which file.
_KPIS = {
    "betas": ("python-releases.csv", "Python 3.14.0", "beta"),
    "candidates": ("python-releases.csv", "Python 3.14.0", "candidate"),
    "bugfix_releases": ("python-3.14-bugfixes.csv", "Python 3.14 bugfix releases", "3.14."),
}
# KPI, target, last day, the number of the milestone it waits for, and what it is called.
_MILESTONES = (
    ("betas", 4, "2025-07-31", None, "Four betas"),
    ("candidates", 3, "2025-10-01", 1, "Three release candidates"),
    ("bugfix_releases", 4, "2026-04-30", 2, "Four bugfix releases"),
    ("bugfix_releases", 9, "2026-12-31", 2, "Nine bugfix releases"),
    ("bugfix_releases", 14, "2027-10-31", 4, "All fourteen bugfix releases"),
)


def milestones() -> list[Milestone]:
    """Return what `POST /api/v1/milestones` takes for each milestone of the project, in order."""
    return [
        {
            "project_id": PROJECT,
            "kpi_id": kpi,
            "target": target,
            "milestone_index": index,
            "timeframe_to": last_day,
            "metadata": {"title": title},
        }
        for index, (kpi, target, last_day, _, title) in enumerate(_MILESTONES, start=1)
    ]


def write_series(folder: Path) -> list[Path]:
    """Write how many releases there were on which day, a CSV for each KPI, and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kpi in _KPIS:
        path = folder / f"{kpi}.csv"
        path.write_text("date,value\n" + "".join(f"{day},{n}\n" for n, day in enumerate(_days(kpi), start=1)))
        written.append(path)
    return written


def is_there(account: Account) -> bool:
    """Return whether the account has the project already. Raises NotDone."""
    return account.find(f"/api/v1/projects/{PROJECT}/progress") is not None


def track(account: Account) -> None:
    """Make the milestones of the project, and say which waits for which. Raises NotDone."""
    made: list[str] = []
    for milestone, (*_, waits_for, _title) in zip(milestones(), _MILESTONES, strict=True):
        made.append(account.post(MILESTONES, milestone, idempotency_key=str(uuid.uuid4()))["milestone_uid"])
        if waits_for:
            path, body = f"{MILESTONES}/{made[-1]}/dependencies", {"depends_on": made[waits_for - 1]}
            account.post(path, body, idempotency_key=str(uuid.uuid4()))


def await_verdicts(account: Account) -> None:
    """Return when the evaluator has told of every milestone, or after a minute: it may still do so later."""
    reached = sum(target <= len(list(_days(kpi))) for kpi, target, *_ in _MILESTONES)
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        counts = account.get(f"/api/v1/projects/{PROJECT}/progress")["counts"]
        if counts["completed"] == reached and not counts["pending"]:
            return
        time.sleep(0.2)


def _days(kpi: str) -> Iterator[str]:
    name, goal, release = _KPIS[kpi]
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["goal"] == goal and row["task"].startswith(release) and row["completed"]:
                yield row["completed"]
