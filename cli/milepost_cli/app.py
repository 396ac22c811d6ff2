"""The command `milepost`: all commands, and the one place where a stop becomes an exit code."""

import sys
from importlib import metadata
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from milepost_cli import exports, goals, links, overview, pictures, restores, signing_in, tasks, terminal
from milepost_cli.audience.command import campaigns_app, providers_app, segments_app, suppressions_app
from milepost_cli.imports.command import import_file
from milepost_cli.leads.command import leads
from milepost_cli.payments.command import financing_app, invoices_app, ledger_app, payments_app
from milepost_cli.projects.command import probes_app, projects_app, worklist_app
from milepost_cli.search import everything
from milepost_cli.search.command import collections
from milepost_cli.sequences.command import sequences
from milepost_cli.stops import Exit, Stop
from milepost_cli.surroundings import Surroundings


class Commands(TyperGroup):
    """The group of all commands: whatever stops one of them ends here."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read what was typed; `--help` and `--version` end here."""
        with terminal.to_a_reader_who_may_go():
            return super().make_context(*args, **kwargs)
        raise typer.Exit

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a stop is told on standard error and becomes the exit code."""
        try:
            with terminal.to_a_reader_who_may_go():
                return super().invoke(ctx)
        except Stop as stop:
            terminal.complain(stop.reasons)
            raise typer.Exit(stop.exit_code) from stop
        except KeyboardInterrupt:
            terminal.complain(["interrupted"])
            raise typer.Exit(Exit.INTERRUPTED) from None
        except OSError as error:
            terminal.complain([str(error)])
            raise typer.Exit(Exit.MISUSED) from error


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        sys.stdout.write(f"milepost {metadata.version('milepost-cli')}\n")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Print the version and end.")
]
app = typer.Typer(
    cls=Commands,
    name="milepost",
    no_args_is_help=True,
    # What a failure prints must not hold a token.
    pretty_exceptions_enable=False,
    help="Goals, tasks and how far they are.",
    epilog="Exit codes: 0 done, 1 refused, 2 misused, 3 not signed in, 4 not found, 5 unavailable, 6 not permitted.",
)


@app.callback()
def milepost(version: Version = False) -> None:
    """Do what a command says; without one, say which there are."""


app.command()(signing_in.login)
app.command()(signing_in.logout)
app.command()(signing_in.whoami)
app.command()(overview.progress)
app.command()(everything.search)
app.command()(pictures.chart)
app.command()(pictures.forecast)
app.command("import")(import_file)
app.command()(exports.export)
app.command()(restores.restore)
app.add_typer(goals.app, name="goals")
app.add_typer(tasks.app, name="tasks")
app.add_typer(links.app, name="links")
app.add_typer(sequences, name="sequences")
app.add_typer(collections, name="collections")
app.add_typer(leads, name="leads")
app.add_typer(segments_app, name="segments")
app.add_typer(campaigns_app, name="campaigns")
app.add_typer(suppressions_app, name="suppressions")
app.add_typer(providers_app, name="providers")
app.add_typer(projects_app, name="projects")
app.add_typer(probes_app, name="probes")
app.add_typer(worklist_app, name="worklist")
app.add_typer(invoices_app, name="invoices")
app.add_typer(payments_app, name="payments")
app.add_typer(financing_app, name="financing")
app.add_typer(ledger_app, name="ledger")


def main() -> None:
    """Run the command that was typed, in the world as it is."""
    terminal.prepare()
    app(obj=Surroundings())
