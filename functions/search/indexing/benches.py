"""Where an index is written: its folder on the disk of this instance, which is kept for the next run if it can be.

The folders of the collection that was written last are kept, at most two: that of its index, and that of the one that
is built in its place. A collection that changes goes on changing, and mostly here.
"""

from pathlib import Path
from typing import Final, NamedTuple

from functions.search.collections.pointers import Pointer
from functions.search.indexing import folders


class _Warm(NamedTuple):
    """A folder that this instance has written, and which state of which index it is."""

    collection_id: str
    place: str
    meta: str
    folder: Path


CURRENT: Final = "current"
NEXT: Final = "next"

_warm: list[_Warm] = []


def forget() -> None:
    """Remove the folders that were written last, so that the next run fetches the index."""
    while _warm:
        folders.drop(_warm.pop().folder)


class Bench:
    """An index that is written in a folder, as its pointer says that it is now, or from nothing."""

    def __init__(self, collection_id: str, place: str, pointer: Pointer | None) -> None:
        self.pointer = pointer
        self._collection_id = collection_id
        self._place = place
        self._folder: Path | None = None
        self._is_whole = False

    def open(self) -> Path:
        """Return the folder of the index, to be written: from now on it is what the pointer says once that has moved.

        Raises files.FileNotFound if an object of the index is gone, Unavailable.
        """
        self._is_whole = False
        if self._folder is None:
            self._folder = self._filled()
        return self._folder

    def published(self, pointer: Pointer) -> None:
        """Take note that the pointer says now what is in the folder."""
        self.pointer, self._is_whole = pointer, True

    def takes_the_place(self, pointer: Pointer) -> "Bench":
        """Return this bench as that of the index that answers, under a pointer with the same files."""
        self._place, self.pointer = CURRENT, pointer
        return self

    def close(self) -> None:
        """Keep the folder for the next run, if it is what the pointer says."""
        if self._folder is not None and self.pointer is not None and self._is_whole:
            _warm.append(_Warm(self._collection_id, self._place, self.pointer.meta, self._folder))
        else:
            self.drop()

    def drop(self) -> None:
        """Remove the folder."""
        folders.drop(self._folder)
        self._folder = None

    def _filled(self) -> Path:
        warm = _taken(self._collection_id, self._place)
        if warm is not None and self.pointer is not None and warm.meta == self.pointer.meta:
            return warm.folder
        folder = folders.fresh()
        try:
            if self.pointer is not None:
                folders.fill(folder, self.pointer, earlier=None if warm is None else warm.folder)
        except BaseException:
            folders.drop(folder)
            raise
        finally:
            folders.drop(None if warm is None else warm.folder)
        return folder


def _taken(collection_id: str, place: str) -> _Warm | None:
    """Take what is kept of an index, and let go of what is kept of other collections."""
    found = None
    for each in [*_warm]:
        if each.collection_id == collection_id and each.place != place:
            continue
        _warm.remove(each)
        if each.collection_id == collection_id and found is None:
            found = each
        else:
            folders.drop(each.folder)
    return found
