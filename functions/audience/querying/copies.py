"""Files of tenants on the disk of this instance: a folder for each tenant, and each file under its tag.

A file of the bucket is never written again, so a copy is good for as long as it is here. Those that were read longest
ago are removed when the disk has no room for more.
"""

import functools
import hashlib
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from functions.audience.files.reading import File
from shared.errors import NotAllowed
from shared.storage import files, parallel

MOST_BYTES: Final = 350 * 1024 * 1024
"""What all copies may have together: Lambda gives 512 MB of disk, and a file is here twice while it comes."""

_sizes: OrderedDict[Path, int] = OrderedDict()


class LeadsTooLarge(NotAllowed):
    """422: the files of your leads are larger than a query can read."""

    def __init__(self) -> None:
        super().__init__("The files of your leads are larger than a query can read.")


def folder_of(tenant_id: str) -> Path:
    """Return the folder of a tenant's copies, made if it is not there."""
    folder = _root() / tenant_id
    folder.mkdir(exist_ok=True)
    return folder


def fetched(tenant_id: str, wanted: Sequence[File]) -> list[Path]:
    """Return where the copies of these files are, in their order. What is not here yet is fetched, some at a time.

    Raises files.FileNotFound for a file that has expired, LeadsTooLarge, Unavailable.
    """
    folder = folder_of(tenant_id)
    paths = {each: folder / f"{_name(each)}.parquet" for each in wanted}
    missing = {each: path for each, path in paths.items() if path not in _sizes}
    sizes = parallel.calls(lambda pair: files.download(pair[0].key, pair[1], etag=pair[0].etag), missing.items())
    _sizes.update(zip(missing.values(), sizes, strict=True))
    _make_room({*paths.values()})
    return [paths[each] for each in wanted]


def fit(wanted: Sequence[File]) -> bool:
    """Return whether there is room for copies of these files at all. Raises files.FileNotFound, Unavailable."""
    return sum(parallel.calls(_size, [each.key for each in wanted])) <= MOST_BYTES


def forget() -> None:
    """Remove all copies."""
    _sizes.clear()
    shutil.rmtree(_root(), ignore_errors=True)
    _root.cache_clear()


@functools.lru_cache(maxsize=4096)
def _size(key: str) -> int:
    found = files.find(key)
    if found is None:
        raise files.FileNotFound(key)
    return found.size


@functools.cache
def _root() -> Path:
    return Path(tempfile.mkdtemp(prefix="milepost-audience-"))


def _name(file: File) -> str:
    return hashlib.sha256(f"{file.key}\n{file.etag}".encode()).hexdigest()


def _make_room(needed: set[Path]) -> None:
    """Remove the copies that were read longest ago; what is needed now stays. Raises LeadsTooLarge."""
    for path in needed:
        _sizes.move_to_end(path)
    for path in [each for each in _sizes if each not in needed]:
        if sum(_sizes.values()) <= MOST_BYTES:
            return
        path.unlink(missing_ok=True)
        del _sizes[path]
    if sum(_sizes.values()) > MOST_BYTES:
        for path in needed:
            path.unlink(missing_ok=True)
            del _sizes[path]
        raise LeadsTooLarge
