"""An index of many parts becomes one of one part, which is searched in less time: each part is asked for every word.

The engine merges by a rule of its own, and takes no order to merge: at a commit it merges eight parts or more that are
of one size, and all below 10,000 documents are of one size. It begins with the part that has the most places, of
documents that were removed too, but the size of a part is how many documents it has; what follows is of the same size
unless it is smaller by far. So the index gets a part with more places than any other and one document, and seven parts
of one document. These documents are some of its own, which leave the parts that they were in.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from functions.search.engine.asked import Indexed
from functions.search.engine.embedded import writer
from functions.search.engine.embedded.writer import Writer
from functions.search.engine.ports import Blueprint

DOCUMENTS: Final = 8
"""How many parts of one size the engine merges, and how many documents that takes."""
_SEGMENTS: Final = "segments"


def segments(meta: str) -> Sequence[Mapping[str, Any]]:
    """Return what the engine says of the parts of an index."""
    found: list[Mapping[str, Any]] = json.loads(meta)[_SEGMENTS]
    return found


def unite(folder: Path, blueprint: Blueprint, documents: Mapping[str, Indexed]) -> None:
    """Make an index one part, with `DOCUMENTS` of its documents as they are now.

    Raises EngineBroken, and leaves the index as it was.
    """
    with _copied(folder) as copy:
        index = _opened(copy, blueprint)
        for id_ in documents:
            index.remove(id_)
        index.commit()
        places = max((each["max_doc"] for each in segments(writer.meta_of(copy))), default=0)
        for number, (id_, content) in enumerate(documents.items()):
            with _alone(blueprint, id_, content, removed=0 if number else places) as part:
                _add(copy, part)
        _opened(copy, blueprint).commit()
        _replace(folder, copy)


@contextmanager
def _copied(folder: Path) -> Iterator[Path]:
    """Yield a folder with the files of another one."""
    with tempfile.TemporaryDirectory(prefix="milepost-united-", dir=folder.parent, ignore_cleanup_errors=True) as name:
        _link(folder, Path(name))
        writer.restore(Path(name), writer.meta_of(folder))
        yield Path(name)


@contextmanager
def _alone(blueprint: Blueprint, id_: str, content: Indexed, *, removed: int) -> Iterator[Path]:
    """Yield the folder of an index of one document, with the places of so many that were removed."""
    with tempfile.TemporaryDirectory(prefix="milepost-part-", ignore_cleanup_errors=True) as name:
        index = _opened(Path(name), blueprint)
        index.put(id_, content)
        index.fill(removed)
        index.commit()
        if removed:
            index = _opened(Path(name), blueprint)
            index.empty()
            index.commit()
        yield Path(name)


def _add(folder: Path, part: Path) -> None:
    """Make the parts of an index parts of another one as well."""
    _link(part, folder)
    meta, more = json.loads(writer.meta_of(folder)), json.loads(writer.meta_of(part))
    meta[_SEGMENTS] += more[_SEGMENTS]
    meta["opstamp"] = max(meta["opstamp"], more["opstamp"])
    writer.restore(folder, json.dumps(meta))


def _replace(folder: Path, copy: Path) -> None:
    """Make a folder hold what the copy of it holds by now."""
    for path in writer.files(folder).values():
        path.unlink()
    _link(copy, folder)
    writer.restore(folder, writer.meta_of(copy))


def _link(source: Path, target: Path) -> None:
    for name, path in writer.files(source).items():
        os.link(path, target / name)


def _opened(folder: Path, blueprint: Blueprint) -> Writer:
    return Writer(folder, blueprint.fields, blueprint.language)
