"""`milepost providers list|show|create|change|test|rotate-secret|delete`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import batches, frame, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json, Version, Yes
from milepost_cli.stops import Refused

COLUMNS = ("provider_id", "name", "kind", "channel", "is_default", "per_minute")

_PATH = "/delivery-providers"

Provider = Annotated[str, typer.Argument(metavar="PROVIDER", help="The id of a provider.")]
File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, help="A JSON object with fields of a provider, as the API has them."),
]
To = Annotated[str, typer.Argument(metavar="ADDRESS", help="To whom the message goes.")]
Grace = Annotated[
    int | None, typer.Option("--grace-seconds", help="For how long the secret before is good; a day else.", min=0)
]


def list_providers(context: typer.Context, as_json: Json = False) -> None:
    """List the delivery providers of your tenant, the oldest first."""
    frame.listed(COLUMNS, open_account(context.obj).every(_PATH), as_json=as_json)


def show_provider(context: typer.Context, provider: Provider, as_json: Json = False) -> None:
    """Show a delivery provider; its secrets are named and never shown."""
    frame.shown(open_account(context.obj).get(path(provider)), as_json=as_json, pairs=_pairs)


def create_provider(context: typer.Context, file: File, as_json: Json = False) -> None:
    """Make the provider that a file describes; the secret of its receipts is shown only now."""
    made = open_account(context.obj).post(_PATH, _fields(file))
    frame.shown(made, as_json=as_json, pairs=_pairs)


def change_provider(
    context: typer.Context, provider: Provider, file: File, if_version: Version = None, as_json: Json = False
) -> None:
    """Change those fields of a provider that a file has."""
    made = open_account(context.obj).patch(path(provider), _fields(file), version=if_version)
    frame.shown(made, as_json=as_json, pairs=_pairs)


def try_provider(context: typer.Context, provider: Provider, to: To, as_json: Json = False) -> None:
    """Send a message at once, whose text is always the same."""
    found = open_account(context.obj).post(f"{path(provider)}/test", {"to": to})
    frame.shown(found, as_json=as_json)
    if found["outcome"] != "accepted":
        raise Refused(f"The message was not accepted: {found['outcome']}.")


def rotate_secret(
    context: typer.Context, provider: Provider, grace_seconds: Grace = None, as_json: Json = False
) -> None:
    """Give a provider a new secret of its receipts, which is shown only now."""
    asked = frame.sent(grace_seconds=grace_seconds)
    made = open_account(context.obj).post(f"{path(provider)}/rotate-secret", asked or None)
    frame.shown(made, as_json=as_json, pairs=_pairs)


def delete_provider(context: typer.Context, provider: Provider, yes: Yes = False, if_version: Version = None) -> None:
    """Delete a provider that no campaign sends through."""
    frame.confirm(f"Delete {provider}?", agreed=yes)
    open_account(context.obj).delete(path(provider), version=if_version)
    terminal.say("Deleted.")


def path(provider: str) -> str:
    """Return where a provider is."""
    return f"{_PATH}/{quote(provider, safe='')}"


def _fields(file: Path) -> View:
    return batches.json_file(file)


def _pairs(provider: View) -> Mapping[str, object]:
    made = {
        "settings": terminal.to_json(provider["settings"]),
        "secrets": ", ".join(provider["secrets"]),
        "receipt_secrets": ", ".join(each["secret_id"] for each in provider["receipt_secrets"]),
    }
    return {**provider, **made}
