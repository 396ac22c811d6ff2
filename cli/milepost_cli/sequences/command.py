"""The command `milepost sequences` with all that it has below it."""

import typer

from milepost_cli.sequences import elements, order, rows, versions

sequences = typer.Typer(no_args_is_help=True, help="Elements with numbers, an order and versions.")
sequences.command("list")(elements.list_sequences)
sequences.command("types")(elements.list_types)
sequences.command("type")(elements.add_type)
sequences.command("show")(elements.show_sequence)
sequences.command("element")(elements.show_element)
sequences.command("add")(elements.add_element)
sequences.command("delete")(elements.delete_element)
sequences.command("reorder")(order.reorder)
sequences.command("renumber")(order.renumber)
sequences.command("move")(order.move)
sequences.command("compact")(order.compact)
sequences.command("version")(versions.add_version)
sequences.command("versions")(versions.list_versions)
sequences.command("content")(versions.show_version)
sequences.command("difference")(versions.compare_versions)
sequences.command("restore")(versions.restore_version)
sequences.command("import")(rows.import_rows)
