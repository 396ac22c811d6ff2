"""`milepost probes list|show|create|run|pause|resume|runs`: what is asked about a milestone on a schedule."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import batches, frame
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json
from milepost_cli.projects.named import Milestone

COLUMNS = ("probe_id", "status", "asks", "next_at", "misses", "question")
RUNS = ("asked_at", "outcome", "state", "progress", "answered_by", "comment")
_SHOWN = (
    "status",
    "kind",
    "question",
    "time_zone",
    "next_at",
    "asked_at",
    "asked_id",
    "misses",
    "is_silent",
    "version",
)

Probe = Annotated[str, typer.Argument(metavar="PROBE", help="The id of a probe.")]
File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, help="A JSON object with fields of a probe, as the API has them."),
]


def list_probes(context: typer.Context, milestone: Milestone, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the probes of a milestone, when each asks next, and how often in a row it was not answered."""
    found = open_account(context.obj).get("/probes", project_milestone_id=milestone)["items"]
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv, worked_out={"asks": _asks})


def show_probe(context: typer.Context, probe: Probe, as_json: Json = False) -> None:
    """Show a probe, when it asks next, and whose answer it waits for."""
    _show(open_account(context.obj).get(_path(probe)), as_json=as_json)


def create_probe(context: typer.Context, milestone: Milestone, file: File, as_json: Json = False) -> None:
    """Create the probe of a milestone that a file describes."""
    draft = {**batches.json_file(file), "project_milestone_id": milestone}
    _show(open_account(context.obj).post("/probes", draft), as_json=as_json)


def run_probe(context: typer.Context, probe: Probe, as_json: Json = False) -> None:
    """Let a probe ask now, also a paused one; its schedule goes on."""
    _move(context, probe, "run", as_json=as_json)


def pause_probe(context: typer.Context, probe: Probe, as_json: Json = False) -> None:
    """Let a probe ask no more until it is resumed; it waits for no answer any more."""
    _move(context, probe, "pause", as_json=as_json)


def resume_probe(context: typer.Context, probe: Probe, as_json: Json = False) -> None:
    """Let a paused probe ask again, at the next time of its schedule."""
    _move(context, probe, "resume", as_json=as_json)


def list_runs(context: typer.Context, probe: Probe, as_json: Json = False, as_csv: Csv = False) -> None:
    """List when a probe has asked, and what it was answered, the newest first."""
    frame.listed(RUNS, open_account(context.obj).every(f"{_path(probe)}/runs"), as_json=as_json, as_csv=as_csv)


def _move(context: typer.Context, probe: str, event: str, *, as_json: bool) -> None:
    _show(open_account(context.obj).post(f"{_path(probe)}/{event}"), as_json=as_json)


def _path(probe: str) -> str:
    return f"/probes/{quote(probe, safe='')}"


def _show(probe: View, *, as_json: bool) -> None:
    frame.shown(probe, as_json=as_json, pairs=_pairs)


def _pairs(probe: View) -> Mapping[str, object]:
    outside, call = probe["outside"] or {}, probe["call"] or {}
    return {
        "probe": probe["probe_id"],
        "milestone": probe["project_milestone_id"],
        "asks": _asks(probe),
        **{name.replace("_", " "): probe[name] for name in _SHOWN},
        "channels": ", ".join(probe["channels"]),
        "outside": outside.get("address"),
        "address": call.get("url"),
    }


def _asks(probe: View) -> str:
    schedule = probe["schedule"]
    return str(schedule["cron"]) if schedule["cron"] is not None else f"every {schedule['every']} {schedule['unit']}"
