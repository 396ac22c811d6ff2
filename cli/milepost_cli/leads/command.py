"""The command `milepost leads` with all that it has below it."""

import typer

from milepost_cli.leads import exports, imports, people, recounts

leads = typer.Typer(no_args_is_help=True, help="The people whom your tenant may reach.")
leads.command("list")(people.list_leads)
leads.command("show")(people.show_lead)
leads.command("erase")(people.erase_lead)
leads.command("import")(imports.import_leads)
leads.command("export")(exports.export_leads)
leads.command("recount")(recounts.recount)
