"""The embedded engine behind the port: what it writes and searches are files in the folder of the index."""

import json
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path

from functions.search.engine.embedded import uniting, writer
from functions.search.engine.embedded.reader import Reader
from functions.search.engine.embedded.writer import DocumentRefused, Writer
from functions.search.engine.ports import Blueprint, Change, EngineBroken, Written
from shared.observability import logger

_SEGMENTS = "segments"
_MOST_REFUSED = 10


class Embedded:
    """Writes and opens indexes of tantivy."""

    def write(self, folder: Path, blueprint: Blueprint, changes: Sequence[Change]) -> Written:
        """Bring changes into the index in a folder. Raises EngineBroken."""
        try:
            return _written(folder, blueprint, changes)
        except EngineBroken:
            return _written_in_halves(folder, blueprint, changes)

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


def _written(folder: Path, blueprint: Blueprint, changes: Sequence[Change]) -> Written:
    """Bring changes into an index by one commit. Raises EngineBroken, and then the index is as it was."""
    refused = set()
    with closing(Writer(folder, blueprint.fields, blueprint.language)) as index:
        for id_, _, content in changes:
            try:
                if content is None:
                    index.remove(id_)
                else:
                    index.put(id_, content)
            except DocumentRefused:
                refused.add(id_)
        return Written(index.commit(), frozenset(refused), _holds_erased(writer.meta_of(folder)))


def _written_in_halves(folder: Path, blueprint: Blueprint, changes: Sequence[Change]) -> Written:
    """Bring changes into an index without the documents over which the engine fails, which are searched for by halves.

    Raises EngineBroken if there are more than a few of these: then it is not for them that the engine fails.
    """
    waiting, refused, documents = [[*changes]], set[str](), 0
    while waiting:
        part = waiting.pop()
        try:
            documents, unfit, _ = _written(folder, blueprint, part)
            refused |= unfit
        except EngineBroken:
            if len(part) > 1:
                half = len(part) // 2
                waiting += [part[half:], part[:half]]
                continue
            (broken,) = part
            if broken.content is None or len(refused) >= _MOST_REFUSED:
                raise
            refused.add(broken.id)
            waiting.append([broken._replace(content=None)])
    return Written(documents, frozenset(refused), _holds_erased(writer.meta_of(folder)))


def _holds_erased(meta: str) -> bool:
    """Return whether a segment has a list of documents in it that are not found any more; a merge leaves them out."""
    return any(segment["deletes"] is not None for segment in uniting.segments(meta))
