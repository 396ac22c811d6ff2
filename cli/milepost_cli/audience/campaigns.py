"""`milepost campaigns list|show|create|change|delete|stats|logs|recount`."""

import itertools
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import batches, frame, terminal
from milepost_cli.account import open_account
from milepost_cli.audience import recounts
from milepost_cli.audience.recounts import Repair
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json, Version, Yes

COLUMNS = ("campaign_id", "name", "channel", "status", "audience", "updated_at")
LOGGED = ("lead_id", "status", "reason", "variant", "attempts", "updated_at")


class Status(StrEnum):
    """The states of campaigns."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PREPARING = "preparing"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Logged(StrEnum):
    """Recipients that somebody may want to look at."""

    WAITING = "waiting"
    FAILED = "failed"
    BOUNCED = "bounced"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


Campaign = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The id of a campaign.")]
File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, help="A JSON object with fields of a campaign, as the API has them."),
]
OfStatus = Annotated[Status | None, typer.Option("--status", help="Only those in this state.")]
Which = Annotated[Logged, typer.Option("--status", help="Recipients of which kind.")]
Most = Annotated[int, typer.Option("--limit", help="Not more than these.", min=1)]


def list_campaigns(context: typer.Context, status: OfStatus = None, as_json: Json = False) -> None:
    """List the campaigns of your tenant, the newest first."""
    found = open_account(context.obj).every("/campaigns", **frame.sent(status=status))
    frame.listed(COLUMNS, found, as_json=as_json)


def show_campaign(context: typer.Context, campaign: Campaign, as_json: Json = False) -> None:
    """Show a campaign and how many recipients are in each state."""
    frame.shown(open_account(context.obj).get(path(campaign)), as_json=as_json, pairs=pairs)


def create_campaign(context: typer.Context, file: File, as_json: Json = False) -> None:
    """Make the campaign that a file describes; nothing is sent yet."""
    frame.shown(open_account(context.obj).post("/campaigns", _fields(file)), as_json=as_json, pairs=pairs)


def change_campaign(
    context: typer.Context, campaign: Campaign, file: File, if_version: Version = None, as_json: Json = False
) -> None:
    """Change those fields of a campaign that a file has."""
    made = open_account(context.obj).patch(path(campaign), _fields(file), version=if_version)
    frame.shown(made, as_json=as_json, pairs=pairs)


def delete_campaign(context: typer.Context, campaign: Campaign, yes: Yes = False, if_version: Version = None) -> None:
    """Delete a campaign that was never started."""
    frame.confirm(f"Delete {campaign}?", agreed=yes)
    open_account(context.obj).delete(path(campaign), version=if_version)
    terminal.say("Deleted.")


def show_stats(context: typer.Context, campaign: Campaign, as_json: Json = False) -> None:
    """Show how many recipients are in each state, and how many came so far or further."""
    frame.shown(open_account(context.obj).get(f"{path(campaign)}/stats"), as_json=as_json, pairs=of_stats)


def list_logs(
    context: typer.Context,
    campaign: Campaign,
    status: Which = Logged.FAILED,
    limit: Most = 100,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List the recipients that somebody may want to look at, and why."""
    found = open_account(context.obj).every(f"{path(campaign)}/logs", status=status)
    frame.listed(LOGGED, itertools.islice(found, limit), as_json=as_json, as_csv=as_csv)


def recount_campaign(context: typer.Context, campaign: Campaign, repair: Repair = False, as_json: Json = False) -> None:
    """Count the recipients of a campaign again, and show where its counters differ."""
    found = open_account(context.obj).post(f"{path(campaign)}/recount", {"repair": repair})
    recounts.tell(found, of="status", as_json=as_json)


def path(campaign: str) -> str:
    """Return where a campaign is."""
    return f"/campaigns/{quote(campaign, safe='')}"


def pairs(campaign: View) -> Mapping[str, object]:
    """Return what of a campaign is shown to people."""
    shown = {name: each for name, each in campaign.items() if name != "counts" and each is not None and each != []}
    for name in ("test_recipients", "template_variables"):
        if name in shown:
            shown[name] = terminal.to_json(shown[name])
    return {**shown, **campaign.get("counts", {})}


def of_stats(stats: View) -> Mapping[str, object]:
    """Return what of the statistics of a campaign is shown to people: its states, and how far recipients came."""
    reached = {f"{name} or further": number for name, number in stats["funnel"].items()}
    plain = {name: stats[name] for name in ("status", "audience")}
    return {**plain, **stats["counts"], **reached, **{name: stats[name] for name in ("complained", "unsubscribed")}}


def _fields(file: Path) -> View:
    return batches.json_file(file)
