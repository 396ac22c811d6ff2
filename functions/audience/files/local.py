"""Files on the disk of this instance: those that are read come from the bucket, in a folder that ends with the work."""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from shared.storage import files, parallel

LARGEST_BYTES: Final = 512 * 1024 * 1024


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Make a folder for some work."""
    with tempfile.TemporaryDirectory(prefix="milepost-audience-") as name:
        yield Path(name)


def fetched(place: Path, keys: Iterable[str]) -> list[Path]:
    """Return copies of files in a folder, in their order; a copy that is there is not fetched again.

    Raises files.FileNotFound, Unavailable.
    """
    return parallel.calls(lambda key: _fetched(place, key), keys)


def _fetched(place: Path, key: str) -> Path:
    path = place / key.rpartition("/")[2]
    if not path.exists():
        path.write_bytes(files.read(key, most_bytes=LARGEST_BYTES).body)
    return path
