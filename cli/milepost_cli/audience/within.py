"""`milepost segments preview|members|why|chart|export|recount`: who is in a segment."""

import itertools
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import batches, frame, terminal
from milepost_cli.account import open_account
from milepost_cli.audience import downloads, recounts, segments
from milepost_cli.audience.downloads import Output
from milepost_cli.audience.recounts import Repair, Report
from milepost_cli.audience.segments import Segment
from milepost_cli.frame import View
from milepost_cli.leads import people
from milepost_cli.options import Csv, Json

DIFFERING = ("lead_id", "difference", "in_files", "in_table")

Rule = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A JSON object: a rule, or a segment with its rule_ast.")
]
Lead = Annotated[str, typer.Argument(metavar="LEAD", help="The id of a lead.")]
Most = Annotated[int, typer.Option("--limit", help="Not more than these.", min=1)]
Days = Annotated[int, typer.Option("--days", help="How many days, today the last.", min=1)]


def preview_segment(context: typer.Context, file: Rule, as_json: Json = False) -> None:
    """Count the leads that match a rule now, and show ten of them; nothing is stored."""
    given = batches.json_file(file)
    asked = frame.sent(rule_ast=given.get("rule_ast", given), time_zone=given.get("time_zone"))
    found = open_account(context.obj).post("/segments/preview", asked)
    if as_json:
        terminal.document(found)
        return
    segments.warn(found)
    terminal.pairs({name: found[name] for name in ("count", "as_of", "lag_seconds")})
    people.listed(found["sample"], as_json=False)


def list_members(
    context: typer.Context, segment: Segment, limit: Most = 100, as_json: Json = False, as_csv: Csv = False
) -> None:
    """List the leads that are in a segment now."""
    found = open_account(context.obj).every(f"{segments.path(segment)}/members")
    people.listed(itertools.islice(found, limit), as_json=as_json, as_csv=as_csv)


def tell_why(context: typer.Context, segment: Segment, lead: Lead, as_json: Json = False) -> None:
    """Say whether a lead is in a segment now, and which conditions decided."""
    found = open_account(context.obj).get(f"{segments.path(segment)}/members/{quote(lead, safe='')}")
    if as_json:
        terminal.document(found)
        return
    terminal.pairs({name: found[name] for name in ("is_member", "as_of")})
    terminal.rows(("path", "holds", "condition"), map(_reason, found["reasons"]))


def show_chart(context: typer.Context, segment: Segment, days: Days = 30, as_json: Json = False) -> None:
    """Show how many members a segment had, day by day."""
    found = open_account(context.obj).get(f"{segments.path(segment)}/chart", days=days)
    frame.listed(("day", "count"), found["days"], as_json=as_json)


def export_members(context: typer.Context, segment: Segment, file: Output = None) -> None:
    """Write the members of a segment as CSV, by a job."""
    account = open_account(context.obj)
    downloads.write(context.obj, account, lambda: account.post(f"{segments.path(segment)}/export"), file)


def recount_segments(
    context: typer.Context, repair: Repair = False, report: Report = None, as_json: Json = False
) -> None:
    """Compare the files that segments are answered from with the leads; the exit code is 1 if some differ and stay so.

    What differs at first is looked at again five minutes later, for files follow the leads.
    """
    account = open_account(context.obj)
    found = recounts.by_job(context.obj, account, "/segments/recount", repair=repair, report=report)
    frame.listed(DIFFERING, found, as_json=as_json)
    recounts.require_none(len(found), repaired=repair)


def _reason(each: View) -> list[object]:
    return [each["path"], each["holds"], terminal.to_json(each["condition"])]
