"""The embedded engine behind the port: what it writes and searches are files in the folder of the index."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path

from functions.search.engine.embedded import uniting, writer
from functions.search.engine.embedded.reader import Reader
from functions.search.engine.embedded.writer import Writer
from functions.search.engine.ports import Blueprint, Change, EngineBroken, Written
from shared.observability import logger

_SEGMENTS = "segments"


class Embedded:
    """Writes and opens indexes of tantivy."""

    def write(self, folder: Path, blueprint: Blueprint, changes: Sequence[Change]) -> Written:
        """Bring changes into the index in a folder. Raises EngineBroken."""
        index = Writer(folder, blueprint.fields, blueprint.language)
        refused = set()
        for id_, _, content in changes:
            try:
                if content is None:
                    index.remove(id_)
                else:
                    index.put(id_, content)
            except EngineBroken:
                refused.add(id_)
        return Written(index.commit(), frozenset(refused), _holds_erased(writer.meta_of(folder)))

    def unite(self, folder: Path, blueprint: Blueprint, changes: Sequence[Change]) -> Written:
        """Bring changes into an index, and make it one part if eight documents or more are among them.

        An index that the engine does not merge stays in its parts. Raises EngineBroken.
        """
        written = self.write(folder, blueprint, changes)
        there = {id_: content for id_, _, content in changes if content is not None and id_ not in written.refused}
        documents = dict([*there.items()][: uniting.DOCUMENTS])
        if len(documents) < uniting.DOCUMENTS:
            return written
        try:
            uniting.unite(folder, blueprint, documents)
        except EngineBroken:
            logger.exception("index not united", collection_id=blueprint.collection_id)
        return written._replace(holds_erased=_holds_erased(writer.meta_of(folder)))

    def open(self, folder: Path, blueprint: Blueprint) -> Reader:
        """Return what searches the index in a folder. Raises EngineBroken."""
        return Reader(folder, blueprint.fields, blueprint.language)

    def knows(self, meta: str) -> bool:
        """Return whether the meta is tantivy's."""
        return _SEGMENTS in json.loads(meta)

    def parts(self, meta: str) -> int:
        """Return how many parts an index has, none if it is one of another engine."""
        return len(uniting.segments(meta)) if self.knows(meta) else 0

    def sweep(self, collection_id: str, kept: Collection[str]) -> None:
        """Do nothing: the objects of an index are named by its pointer, and removed with that."""


def _holds_erased(meta: str) -> bool:
    """Return whether a segment has a list of documents in it that are not found any more; a merge leaves them out."""
    return any(segment["deletes"] is not None for segment in uniting.segments(meta))
