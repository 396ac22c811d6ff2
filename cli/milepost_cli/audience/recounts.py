"""What a recount has found, told alike of leads and campaigns: the exit code is 1 while something differs."""

from typing import Annotated

import typer

from milepost_cli import terminal
from milepost_cli.frame import View
from milepost_cli.stops import Refused

Repair = Annotated[bool, typer.Option("--repair", help="Mend what differs.")]


def tell(found: View, *, of: str, as_json: bool) -> None:
    """Print what differs of one thing: what it is `of`, what is stored, what was counted.

    Raises Refused if it was not mended.
    """
    if as_json:
        terminal.document(found)
    else:
        columns = (of, "stored", "counted")
        terminal.rows(columns, ([each[name] for name in columns] for each in found["differences"]))
    if found["repaired"]:
        terminal.say("Repaired.")
    require_none(len(found["differences"]), repaired=found["repaired"])


def require_none(number: int, *, repaired: bool) -> None:
    """Require that nothing differs, or that it was mended. Raises Refused."""
    if number and not repaired:
        raise Refused(f"{number} {'differs' if number == 1 else 'differ'}; --repair mends that.")
