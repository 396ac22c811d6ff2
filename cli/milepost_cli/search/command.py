"""The command `milepost collections` with all that it has below it."""

import typer

from milepost_cli.search import (
    aliases,
    changes,
    definitions,
    documents,
    exports,
    imports,
    keys,
    queries,
    saved,
    syncing,
)

collections = typer.Typer(no_args_is_help=True, help="Collections of documents that are searched.")
collections.command("list")(definitions.list_collections)
collections.command("show")(definitions.show_collection)
collections.command("create")(definitions.create_collection)
collections.command("change")(changes.change_collection)
collections.command("synonyms")(changes.set_synonyms)
collections.command("stop-words")(changes.set_stop_words)
collections.command("delete")(definitions.delete_collection)
collections.command("import")(imports.import_documents)
collections.command("export")(exports.export_documents)
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

_keys = typer.Typer(no_args_is_help=True, help="API keys that search one collection and do nothing else.")
_keys.command("list")(keys.list_keys)
_keys.command("add")(keys.add_key)
_keys.command("delete")(keys.delete_key)
collections.add_typer(_keys, name="keys")

_saved = typer.Typer(no_args_is_help=True, help="Searches that you keep, to make them again.")
_saved.command("list")(saved.list_searches)
_saved.command("add")(saved.add_search)
_saved.command("run")(saved.run_search)
_saved.command("delete")(saved.delete_search)
collections.add_typer(_saved, name="saved")
