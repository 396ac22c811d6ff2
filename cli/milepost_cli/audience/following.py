"""`milepost campaigns start|schedule|pause|resume|cancel|follow`: what becomes of a campaign, and how far it is."""

from typing import Annotated

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.audience import campaigns
from milepost_cli.audience.campaigns import Campaign, Status
from milepost_cli.frame import View
from milepost_cli.options import Json, Yes
from milepost_cli.search import waiting
from milepost_cli.search.waiting import Progress
from milepost_cli.stops import Refused
from milepost_cli.surroundings import Surroundings

_GOES_ON = {Status.SCHEDULED, Status.PREPARING, Status.RUNNING}

Everybody = Annotated[bool, typer.Option("--confirm-all", help="A segment is meant whose rule every lead satisfies.")]
Follow = Annotated[bool, typer.Option("--follow", help="Wait until it ends.")]


def start_campaign(
    context: typer.Context,
    campaign: Campaign,
    confirm_all: Everybody = False,
    follow: Follow = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Start a campaign: from now on messages are sent."""
    frame.confirm(f"Send {campaign} to its segment?", agreed=yes)
    account = open_account(context.obj)
    moved = _put(account, campaign, Status.RUNNING, confirm_all=confirm_all)
    if follow:
        _follow(context.obj, account, campaign, as_json=as_json)
    else:
        frame.shown(moved, as_json=as_json, pairs=campaigns.pairs)


def schedule_campaign(
    context: typer.Context, campaign: Campaign, confirm_all: Everybody = False, as_json: Json = False
) -> None:
    """Have a campaign started at its `scheduled_at`."""
    moved = _put(open_account(context.obj), campaign, Status.SCHEDULED, confirm_all=confirm_all)
    frame.shown(moved, as_json=as_json, pairs=campaigns.pairs)


def pause_campaign(context: typer.Context, campaign: Campaign, as_json: Json = False) -> None:
    """Pause a campaign that runs."""
    moved = _put(open_account(context.obj), campaign, Status.PAUSED)
    frame.shown(moved, as_json=as_json, pairs=campaigns.pairs)


def resume_campaign(context: typer.Context, campaign: Campaign, follow: Follow = False, as_json: Json = False) -> None:
    """Have a campaign go on that was paused, by somebody or by itself."""
    account = open_account(context.obj)
    _require_paused(account, campaign)
    moved = _put(account, campaign, Status.RUNNING)
    if follow:
        _follow(context.obj, account, campaign, as_json=as_json)
    else:
        frame.shown(moved, as_json=as_json, pairs=campaigns.pairs)


def cancel_campaign(context: typer.Context, campaign: Campaign, yes: Yes = False, as_json: Json = False) -> None:
    """End a campaign for good."""
    frame.confirm(f"End {campaign} for good?", agreed=yes)
    moved = _put(open_account(context.obj), campaign, Status.CANCELLED)
    frame.shown(moved, as_json=as_json, pairs=campaigns.pairs)


def follow_campaign(context: typer.Context, campaign: Campaign, as_json: Json = False) -> None:
    """Wait until a campaign has ended, and show what became of it; the exit code is 1 unless it has completed."""
    _follow(context.obj, open_account(context.obj), campaign, as_json=as_json)


def _put(account: Account, campaign: str, status: Status, *, confirm_all: bool = False) -> View:
    asked = {"status": status, **({"confirm_all": True} if confirm_all else {})}
    moved: View = account.put(f"{campaigns.path(campaign)}/status", asked)
    return moved


def _require_paused(account: Account, campaign: str) -> None:
    """Require that a campaign is paused: `running` would start a draft. Raises Refused."""
    status = account.get(campaigns.path(campaign))["status"]
    if status != Status.PAUSED:
        raise Refused(f"{campaign} is {status}, not paused.")


def _follow(around: Surroundings, account: Account, campaign: str, *, as_json: bool) -> None:
    """Wait for the end of a campaign, and print its statistics. Raises Refused unless it has completed."""

    def ask() -> View:
        found: View = account.get(f"{campaigns.path(campaign)}/stats")
        return found

    stats = waiting.ended(around, "recipients", ask(), ask=ask, progress=_progress)
    frame.shown(stats, as_json=as_json, pairs=campaigns.of_stats)
    if stats["status"] != Status.COMPLETED:
        reason = account.get(campaigns.path(campaign))["reason"]
        raise Refused(f"{campaign} is {stats['status']}{f': {reason}' if reason else ''}.")
    terminal.say("Completed.")


def _progress(stats: View) -> Progress:
    seen_to = stats["audience"] - stats["counts"]["pending"]
    return Progress(stats["status"] not in _GOES_ON, seen_to, stats["audience"])
