"""`milepost leads list|show|erase`."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json, Version, Yes

COLUMNS = ("lead_id", "name", "emails", "phones", "total_spend", "updated_at")

Lead = Annotated[str, typer.Argument(metavar="LEAD", help="The id of a lead.")]
Email = Annotated[str | None, typer.Option("--email", help="Only the lead that has this address.")]
Phone = Annotated[str | None, typer.Option("--phone", help="Only the lead that has this number.")]
External = Annotated[str | None, typer.Option("--external-id", help="Only the lead that has this id of yours.")]
Most = Annotated[int, typer.Option("--limit", help="Not more than these.", min=1)]


def list_leads(
    context: typer.Context,
    email: Email = None,
    phone: Phone = None,
    external_id: External = None,
    limit: Most = 100,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List the leads of your tenant, the newest first, or the one that is known by something."""
    asked = frame.sent(email=email, phone=phone, external_id=external_id)
    found = itertools.islice(open_account(context.obj).every("/leads", **asked), limit)
    listed(found, as_json=as_json, as_csv=as_csv)


def show_lead(context: typer.Context, lead: Lead, as_json: Json = False) -> None:
    """Show a lead with all its fields."""
    frame.shown(open_account(context.obj).get(_path(lead)), as_json=as_json, pairs=_pairs)


def erase_lead(context: typer.Context, lead: Lead, yes: Yes = False, if_version: Version = None) -> None:
    """Erase a lead with everything that is known of it."""
    frame.confirm(f"Erase {lead} with everything that is known of it?", agreed=yes)
    open_account(context.obj).delete(_path(lead), version=if_version)
    terminal.say("Erased.")


def listed(found: Iterable[View], *, as_json: bool, as_csv: bool = False) -> None:
    """Print leads."""
    joined = {name: _joined(name) for name in ("emails", "phones")}
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv, worked_out=joined)


def _path(lead: str) -> str:
    return f"/leads/{quote(lead, safe='')}"


def _joined(name: str) -> Callable[[View], str]:
    return lambda lead: ", ".join(lead[name])


def _pairs(lead: View) -> Mapping[str, object]:
    """Return what of a lead is shown to people."""
    consent = {f"consent {subject}": given["state"] for subject, given in lead["consent"].items()}
    metadata = {
        name: each if isinstance(each, str) else terminal.to_json(each) for name, each in lead["metadata"].items()
    }
    lists = {name: ", ".join(lead[name]) for name in ("emails", "phones", "tags")}
    return {
        **{name: each for name, each in lead.items() if name not in {"consent", "metadata"}},
        **lists,
        **consent,
        **metadata,
    }
