"""OpenSearch behind the port: the folder of an index holds the name by which the domain knows it."""

from collections.abc import Collection, Sequence
from pathlib import Path

from functions.search.engine.opensearch import names, writer
from functions.search.engine.opensearch.client import Client
from functions.search.engine.opensearch.reader import Reader
from functions.search.engine.ports import Blueprint, Change, EngineBroken, IndexGone, Written


class OpenSearch:
    """Writes and opens indexes of the domain at an address."""

    def __init__(self, url: str) -> None:
        self._domain = Client(url)

    def write(self, folder: Path, blueprint: Blueprint, changes: Sequence[Change]) -> Written:
        """Bring changes into the index of a folder. Raises EngineBroken, Unavailable."""
        alias = names.kept(folder)
        if alias is None:
            alias = writer.create(self._domain, blueprint)
            names.keep(folder, alias)
        refused, has_replaced = writer.write(self._domain, alias, blueprint, changes)
        # Whether the domain has merged anything away by now is not looked at.
        holds_erased = True if has_replaced else None
        return Written(Reader(self._domain, alias, blueprint).documents, refused, holds_erased)

    def unite(self, folder: Path, blueprint: Blueprint, changes: Sequence[Change]) -> Written:
        """Bring changes into the index of a folder; the domain merges its parts by itself.

        Raises EngineBroken, Unavailable.
        """
        return self.write(folder, blueprint, changes)

    def open(self, folder: Path, blueprint: Blueprint) -> Reader:
        """Return what searches the index of a folder. Raises EngineBroken."""
        alias = names.kept(folder)
        if alias is None:
            raise EngineBroken("the folder holds no index")
        return Reader(self._domain, alias, blueprint)

    def knows(self, meta: str) -> bool:
        """Return whether the meta is a name of ours."""
        return names.of(meta) is not None

    def parts(self, meta: str) -> int:
        """Return 1 for an index of the domain: how many parts that has is its own matter."""
        return int(self.knows(meta))

    def sweep(self, collection_id: str, kept: Collection[str]) -> None:
        """Remove the indexes of a collection that these metas do not name. Raises Unavailable."""
        staying = {names.of(meta) for meta in kept}
        doing = "removing indexes"
        for index, found in self._domain.call(
            "GET", f"/{names.prefix(collection_id)}*/_alias", doing="listing indexes"
        ).items():
            if staying.isdisjoint(found["aliases"]):
                self._remove(index, doing)

    def _remove(self, index: str, doing: str) -> None:
        try:
            self._domain.call("DELETE", f"/{index}", doing=doing)
        except IndexGone:
            # The answer to the first try was lost.
            return
