"""The command `milepost collections` with all that it has below it."""

import typer

from milepost_cli.search import aliases, definitions, documents, queries, syncing

collections = typer.Typer(no_args_is_help=True, help="Collections of documents that are searched.")
collections.command("list")(definitions.list_collections)
collections.command("show")(definitions.show_collection)
collections.command("create")(definitions.create_collection)
collections.command("delete")(definitions.delete_collection)
collections.command("search")(queries.search)

_aliases = typer.Typer(no_args_is_help=True, help="Other names of collections.")
_aliases.command("list")(aliases.list_aliases)
_aliases.command("set")(aliases.set_alias)
_aliases.command("delete")(aliases.delete_alias)
collections.add_typer(_aliases, name="aliases")

_documents = typer.Typer(no_args_is_help=True, help="The documents of a collection.")
_documents.command("get")(documents.get_document)
_documents.command("put")(documents.put_document)
_documents.command("delete")(documents.delete_document)
_documents.command("sync")(syncing.sync)
collections.add_typer(_documents, name="documents")
