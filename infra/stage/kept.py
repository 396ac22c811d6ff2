"""What a stage still has after its emulator was killed: the data as they were at the last orderly stop.

MiniStack writes most of its state when it ends, and the files of S3 at once. Rule: a stage starts from data that were
written together, or from none.
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

STATE_FOLDER, S3_FOLDER = "services", "s3"
_DATA = (STATE_FOLDER, S3_FOLDER)
# Of what was deployed and loaded, which may be more than the data that are left.
_STAMPS = ("deployed", "demo-loaded")


@dataclass(frozen=True)
class Loss:
    """Everything since `since`, the last orderly stop, is gone; everything there ever was when it is None."""

    since: datetime | None


class Kept:
    """The data of a stage in a folder, and a copy of them from the last orderly stop."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._running = state / "running"
        self._copy = state / "kept"
        self._replaced = state / "kept.old"

    def begin(self) -> None:
        """Note that the emulator runs: from here on its data are not of one piece."""
        self._running.touch()

    def end(self) -> None:
        """Copy the data that the emulator has written while it ended in good order."""
        fresh = self._state / "kept.new"
        for left_over in (fresh, self._replaced):
            shutil.rmtree(left_over, ignore_errors=True)
        fresh.mkdir()
        for name in _DATA:
            if (self._state / name).exists():
                shutil.copytree(self._state / name, fresh / name)
        if self._copy.exists():
            self._copy.rename(self._replaced)
        fresh.rename(self._copy)
        shutil.rmtree(self._replaced, ignore_errors=True)
        self._running.unlink(missing_ok=True)

    def was_cut_off(self) -> bool:
        """Return whether the emulator was killed, so that its data are half of one time and half of another."""
        # An earlier version of Milepost left no note: it is known by buckets that no saved state has heard of.
        states = self._state / STATE_FOLDER
        is_half = (self._state / S3_FOLDER).exists() and not (states / "cloudformation.json").exists()
        return self._running.exists() or is_half

    def fall_back(self) -> Loss:
        """Put back what the last orderly stop kept, or nothing when there has been none, and return what is lost."""
        copy = self._copy if self._copy.exists() else self._replaced
        for name in _DATA:
            shutil.rmtree(self._state / name, ignore_errors=True)
            if (copy / name).exists():
                shutil.copytree(copy / name, self._state / name)
        for name in _STAMPS:
            (self._state / name).unlink(missing_ok=True)
        self._running.unlink(missing_ok=True)
        return Loss(datetime.fromtimestamp(copy.stat().st_mtime, UTC) if copy.exists() else None)
