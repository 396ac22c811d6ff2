"""The command `milepost`: all commands, and the one place where a stop becomes an exit code."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from milepost_cli import exports, goals, imports, links, overview, pictures, restores, signing_in, tasks, terminal
from milepost_cli.stops import Exit, Stop
from milepost_cli.surroundings import Surroundings


class Commands(TyperGroup):
    """The group of all commands: whatever stops one of them ends here."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a stop is told on standard error and becomes the exit code."""
        try:
            return super().invoke(ctx)
        except Stop as stop:
            terminal.complain(stop.reasons)
            raise typer.Exit(stop.exit_code) from stop
        except KeyboardInterrupt:
            terminal.complain(["interrupted"])
            raise typer.Exit(Exit.INTERRUPTED) from None


app = typer.Typer(
    cls=Commands,
    name="milepost",
    no_args_is_help=True,
    # What a failure prints must not hold a token.
    pretty_exceptions_enable=False,
    help="Goals, tasks and how far they are.",
    epilog="Exit codes: 0 done, 1 refused, 2 misused, 3 not signed in, 4 not found, 5 unavailable, 6 not permitted.",
)
app.command()(signing_in.login)
app.command()(signing_in.logout)
app.command()(signing_in.whoami)
app.command()(overview.progress)
app.command()(pictures.chart)
app.command()(pictures.forecast)
app.command("import")(imports.import_file)
app.command()(exports.export)
app.command()(restores.restore)
app.add_typer(goals.app, name="goals")
app.add_typer(tasks.app, name="tasks")
app.add_typer(links.app, name="links")


def main() -> None:
    """Run the command that was typed, in the world as it is."""
    # A terminal that cannot show a character shows another one; it is no failure.
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    app(obj=Surroundings())
