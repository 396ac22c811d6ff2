"""Folders of this instance that hold indexes: what a pointer names is fetched, and what is here already is kept.

Files of an index do not change, so one that is in the folder of an earlier state is linked into that of a later one.
"""

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from functions.search.collections.collections import Collection
from functions.search.collections.pointers import Part, Pointer
from functions.search.engine.embedded import writer
from shared.storage import files

PURPOSE: Final = "search"
"""What the files of indexes are for, in the bucket of the stage: they stay until the context removes them."""
MEDIA_TYPE: Final = "application/octet-stream"
MAX_OBJECT_BYTES: Final = 256 * 1024 * 1024


def fresh() -> Path:
    """Return a new empty folder on the disk of this instance."""
    return Path(tempfile.mkdtemp(prefix="milepost-index-"))


def drop(folder: Path | None) -> None:
    """Remove a folder; files of it that are open stay readable for who has them open."""
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def fill(folder: Path, pointer: Pointer, *, earlier: Path | None) -> int:
    """Make an empty folder hold the index that a pointer names, and return its bytes.

    Raises files.FileNotFound if an object was removed meanwhile, which means that the pointer has moved on.
    """
    missing: dict[str, list[Part]] = defaultdict(list)
    for part in pointer.parts:
        if earlier is not None and (earlier / part.name).exists():
            os.link(earlier / part.name, folder / part.name)
        else:
            missing[part.object].append(part)
    for object_, parts in missing.items():
        body = files.read(object_, most_bytes=MAX_OBJECT_BYTES).body
        for part in parts:
            (folder / part.name).write_bytes(body[part.start : part.start + part.size])
    writer.restore(folder, pointer.meta)
    return sum(part.size for part in pointer.parts)


def objects_for(folder: Path, known: Sequence[Part], collection: Collection) -> Mapping[str, Sequence[Path]]:
    """Return which files of a folder are to become which new objects: those of one segment become one."""
    names = {part.name for part in known}
    together: dict[str, list[Path]] = defaultdict(list)
    for name, path in writer.files(folder).items():
        if name not in names:
            together["" if name.endswith(".del") else name.partition(".")[0]].append(path)
    place = (collection.tenant_id, collection.collection_id)
    return {files.new_key(PURPOSE, *place): paths for paths in together.values()}


def upload(object_: str, paths: Sequence[Path]) -> list[Part]:
    """Upload files as one object, and return where each is in it. Raises Unavailable."""
    parts: list[Part] = []
    bodies = [path.read_bytes() for path in paths]
    start = 0
    for path, body in zip(paths, bodies, strict=True):
        parts.append(Part(path.name, object_, start, len(body)))
        start += len(body)
    files.put_once(object_, b"".join(bodies), media_type=MEDIA_TYPE)
    return parts
