"""`milepost campaigns preview|test`: the messages of a campaign before it is started."""

from collections.abc import Mapping

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import open_account
from milepost_cli.audience.campaigns import Campaign, path
from milepost_cli.frame import View
from milepost_cli.options import Json
from milepost_cli.stops import Refused

_ACCEPTED = "accepted"


def preview_campaign(context: typer.Context, campaign: Campaign, as_json: Json = False) -> None:
    """Show the messages to three leads of the segment; nothing is sent."""
    found = open_account(context.obj).post(f"{path(campaign)}/preview")["items"]
    if as_json:
        terminal.lines(found)
        return
    for each in found:
        terminal.pairs(_pairs(each))


def try_campaign(context: typer.Context, campaign: Campaign, as_json: Json = False) -> None:
    """Send the message to the test recipients of a campaign."""
    found = open_account(context.obj).post(f"{path(campaign)}/test")["results"]
    frame.listed(("to", "outcome", "reason"), found, as_json=as_json)
    refused = [each for each in found if each["outcome"] != _ACCEPTED]
    if refused:
        raise Refused(f"{len(refused)} of {len(found)} messages were not accepted.")


def _pairs(message: View) -> Mapping[str, object]:
    return {name: each for name, each in message.items() if each is not None and each != {}}
