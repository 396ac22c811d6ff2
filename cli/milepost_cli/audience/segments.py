"""`milepost segments list|show|create|change|delete`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import batches, frame, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json, Version, Yes

COLUMNS = ("segment_id", "name", "time_zone", "updated_at")

Segment = Annotated[str, typer.Argument(metavar="SEGMENT", help="The id of a segment.")]
File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A JSON object: name, rule_ast, and time_zone if you like.")
]


def list_segments(context: typer.Context, as_json: Json = False) -> None:
    """List the segments of your tenant, the newest first."""
    frame.listed(COLUMNS, open_account(context.obj).every("/segments"), as_json=as_json)


def show_segment(context: typer.Context, segment: Segment, as_json: Json = False) -> None:
    """Show a segment with its rule."""
    frame.shown(open_account(context.obj).get(path(segment)), as_json=as_json, pairs=_pairs)


def create_segment(context: typer.Context, file: File, as_json: Json = False) -> None:
    """Make the segment that a file describes."""
    made = open_account(context.obj).post("/segments", _draft(file))
    _tell(made, as_json=as_json)


def change_segment(
    context: typer.Context, segment: Segment, file: File, if_version: Version = None, as_json: Json = False
) -> None:
    """Give a segment the name, the rule and the time zone of a file."""
    made = open_account(context.obj).put(path(segment), _draft(file), version=if_version)
    _tell(made, as_json=as_json)


def delete_segment(context: typer.Context, segment: Segment, yes: Yes = False, if_version: Version = None) -> None:
    """Delete a segment that no other names, and no campaign that is not over."""
    frame.confirm(f"Delete {segment}?", agreed=yes)
    open_account(context.obj).delete(path(segment), version=if_version)
    terminal.say("Deleted.")


def path(segment: str) -> str:
    """Return where a segment is."""
    return f"/segments/{quote(segment, safe='')}"


def warn(found: View) -> None:
    """Tell what is valid in a rule, and may not be meant."""
    terminal.complain(f"{each['path']}: {each['detail']} ({each['code']})" for each in found["warnings"])


def _draft(file: Path) -> View:
    return batches.json_file(file)


def _tell(made: View, *, as_json: bool) -> None:
    frame.shown(made, as_json=as_json, pairs=_pairs)
    if not as_json:
        warn(made)


def _pairs(segment: View) -> Mapping[str, object]:
    names = ("segment_id", "name", "time_zone", "created_by", "created_at", "updated_at", "version")
    return {**{name: segment[name] for name in names}, "rule_ast": terminal.to_json(segment["rule_ast"])}
