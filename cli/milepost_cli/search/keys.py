"""`milepost collections keys`: API keys that search one collection and do nothing else."""

from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json, Yes
from milepost_cli.search.definitions import Name, path

COLUMNS = ("key_id", "last_four", "name", "filter_by", "hidden", "expires_at")

KeyId = Annotated[str, typer.Argument(metavar="KEY", help="The id of a key, as `list` shows it.")]
KnownAs = Annotated[str | None, typer.Option("--name", help="What you know it by; its holder does not see it.")]
Filter = Annotated[str | None, typer.Option("--filter", help="What holds of each document that it finds and shows.")]
Hidden = Annotated[
    list[str] | None, typer.Option("--hide", metavar="FIELD", help="A field it neither shows nor searches; several.")
]
Expires = Annotated[str | None, typer.Option("--expires", metavar="INSTANT", help="Until when it is good.")]


def list_keys(context: typer.Context, collection: Name, as_json: Json = False) -> None:
    """List the keys of a collection, without what it takes to use them."""
    found = open_account(context.obj).every(f"{path(collection)}/keys")
    frame.listed(COLUMNS, found, as_json=as_json, worked_out={"hidden": _hidden})


def add_key(
    context: typer.Context,
    collection: Name,
    name: KnownAs = None,
    filter_: Filter = None,
    hide: Hidden = None,
    expires: Expires = None,
    as_json: Json = False,
) -> None:
    """Make a key that searches this collection within a filter; it is shown only now."""
    draft = frame.sent(name=name, filter_by=filter_, exclude_fields=hide, expires_at=expires)
    made = open_account(context.obj).post(f"{path(collection)}/keys", draft)
    frame.shown(made, as_json=as_json, pairs=lambda each: {**each, "exclude_fields": _hidden(each)})


def delete_key(context: typer.Context, collection: Name, key: KeyId, yes: Yes = False) -> None:
    """Revoke a key; it is refused within 60 seconds."""
    frame.confirm(f"Revoke the key {key}?", agreed=yes)
    open_account(context.obj).delete(f"{path(collection)}/keys/{quote(key, safe='')}")
    terminal.say("Revoked.")


def _hidden(key: View) -> str:
    return ", ".join(key["exclude_fields"])
