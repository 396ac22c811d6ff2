"""`milepost projects erase-outsider`: whoever was asked from outside is named by no milestone any more."""

from typing import Annotated

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.options import Json, Yes
from milepost_cli.search import jobs

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The e-mail address of somebody from outside.")]


def erase_outsider(context: typer.Context, address: Address, yes: Yes = False, as_json: Json = False) -> None:
    """Erase somebody from outside from all projects of the tenant, and wait until it is done."""
    frame.confirm(f"Erase {address} from all projects of the tenant?", agreed=yes)
    account = open_account(context.obj)
    job = jobs.ended(context.obj, account, account.post("/projects/outsiders/erase", {"address": address}))
    frame.shown(job, as_json=as_json)
    jobs.require_completed(job)
