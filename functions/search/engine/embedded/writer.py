"""An index that is changed: documents are put and removed, and a commit leaves files that change no more.

One process at a time writes into a folder. Merges end before a commit returns, so that the files listed are all.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tantivy import Index, IndexWriter

from functions.search.collections.fields import Field
from functions.search.engine.asked import Indexed
from functions.search.engine.embedded import schema as schemas
from functions.search.engine.embedded.containment import contained
from functions.search.engine.ports import META, EngineBroken

MANAGED: Final = ".managed.json"
# The least that the engine takes is 15 MB; a batch of 100 documents of 64 KB fits into this.
_HEAP_BYTES: Final = 30_000_000
_WRITING: Final = "writing"


class DocumentRefused(EngineBroken):
    """The engine cannot have this document; others can be put."""


class Writer:
    """Changes the index in a folder, or makes one in an empty folder."""

    def __init__(self, folder: Path, fields: Sequence[Field], language: str | None) -> None:
        self._folder = folder
        self._fields = fields
        self._language = language
        with contained(_WRITING):
            self._index = Index(schemas.of(fields), path=str(folder), sort_by_field=schemas.ID_FIELD)
            self._writer: IndexWriter = self._index.writer(_HEAP_BYTES, 1)

    def put(self, id_: str, content: Indexed) -> None:
        """Put a document in the place of the one with its id.

        Raises DocumentRefused, and then that one is gone too; EngineBroken, and then nothing can be put any more. The
        engine takes documents in a thread of its own: which one it has failed over is not known.
        """
        self.remove(id_)
        try:
            with contained(_WRITING):
                document = schemas.document(id_, content, self._fields, self._language)
        except EngineBroken as broken:
            raise DocumentRefused(*broken.args) from None
        with contained(_WRITING):
            self._writer.add_document(document)

    def remove(self, id_: str) -> None:
        """Remove a document, if there is one."""
        with contained(_WRITING):
            self._writer.delete_documents_by_term(schemas.ID_FIELD, id_)

    def fill(self, number: int) -> None:
        """Put so many documents that say nothing and have no id, for `empty` to remove."""
        with contained(_WRITING):
            for _ in range(number):
                self._writer.add_document(schemas.nothing())

    def empty(self) -> None:
        """Remove what `fill` has put."""
        self.remove("")

    def commit(self) -> int:
        """Finish, and return how many documents there are; nothing can be put after it. Raises EngineBroken."""
        with contained(_WRITING):
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._index.reload()
            return self._index.searcher().num_docs

    def close(self) -> None:
        """Let go of the folder, which one writer has at a time; what has not been committed is lost."""
        del self._writer


def is_in_order(folder: Path) -> bool:
    """Return whether each part of an index has its documents in the order of their ids.

    An index that was made before that was so keeps its own order, until it is built anew.
    """
    settings = json.loads(meta_of(folder))["index_settings"]
    return bool(settings.get("sort_by_field", {}).get("field") == schemas.ID_FIELD)


def files(folder: Path) -> dict[str, Path]:
    """Return the files of the index in a folder that change no more, by their names; `META` says what they are."""
    return {
        path.name: path
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != META and not path.name.startswith(".")
    }


def restore(folder: Path, meta: str) -> None:
    """Make a folder that holds the files of an index one that can be opened and written."""
    (folder / MANAGED).write_text(json.dumps([*files(folder), META]), encoding="utf-8")
    (folder / META).write_text(meta, encoding="utf-8")


def meta_of(folder: Path) -> str:
    """Return what says which files of a folder are the index."""
    return (folder / META).read_text(encoding="utf-8")
