"""`milepost collections aliases list|set|delete`."""

from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import open_account
from milepost_cli.options import Json, Yes

COLUMNS = ("name", "collection_name", "updated_at")

Alias = Annotated[str, typer.Argument(metavar="ALIAS", help="Another name of a collection.")]
Target = Annotated[str, typer.Argument(metavar="COLLECTION", help="The collection it is to lead to.")]


def list_aliases(context: typer.Context, as_json: Json = False) -> None:
    """List the aliases of your tenant's collections."""
    frame.listed(COLUMNS, open_account(context.obj).every("/collection-aliases"), as_json=as_json)


def set_alias(context: typer.Context, alias: Alias, collection: Target, as_json: Json = False) -> None:
    """Give a collection another name, or let that name lead to another collection."""
    frame.shown(open_account(context.obj).put(_path(alias), {"collection_name": collection}), as_json=as_json)


def delete_alias(context: typer.Context, alias: Alias, yes: Yes = False) -> None:
    """Delete an alias; the collection stays."""
    frame.confirm(f"Delete the alias {alias}?", agreed=yes)
    open_account(context.obj).delete(_path(alias))
    terminal.say("Deleted.")


def _path(alias: str) -> str:
    return f"/collection-aliases/{quote(alias, safe='')}"
