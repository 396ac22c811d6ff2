"""`milepost leads recount`: one lead at once, or all of them by a job."""

from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import terminal
from milepost_cli.account import open_account
from milepost_cli.audience import recounts
from milepost_cli.audience.recounts import Repair, Report
from milepost_cli.frame import View
from milepost_cli.options import Json

COLUMNS = ("lead_id", "field", "stored", "counted")

Lead = Annotated[str | None, typer.Argument(metavar="[LEAD]", help="The id of a lead; without one, all leads.")]


def recount(
    context: typer.Context, lead: Lead = None, repair: Repair = False, report: Report = None, as_json: Json = False
) -> None:
    """Compare the totals of leads with their orders and visits; the exit code is 1 if some differ and stay so."""
    account = open_account(context.obj)
    if lead is not None:
        one = account.post(f"/leads/{quote(lead, safe='')}/recount", {"repair": repair})
        if report is not None:
            recounts.write(report, [one] if one["differences"] else [])
        recounts.tell(one, of="field", as_json=as_json)
        return
    found = recounts.by_job(context.obj, account, "/leads/recount", repair=repair, report=report)
    if as_json:
        terminal.lines(found)
    else:
        terminal.rows(COLUMNS, (_row(each, difference) for each in found for difference in each["differences"]))
    recounts.require_none(len(found), repaired=repair)


def _row(lead: View, difference: View) -> list[object]:
    return [lead["lead_id"], *(difference[name] for name in COLUMNS[1:])]
