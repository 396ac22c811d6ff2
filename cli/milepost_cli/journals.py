"""What has been done of a long job, kept as it happens, so that a job that broke off goes on where it stopped."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ROUND = "round"


class Journal:
    """The record of one job: lines by name, each with what became of it."""

    def __init__(self, folder: Path, digest: str) -> None:
        self.digest = digest
        self._path = folder / "jobs" / f"{digest}.jsonl"
        self._lines: dict[str, dict[str, Any]] = {}
        if self._path.exists():
            for text in self._path.read_text(encoding="utf-8", errors="replace").splitlines():
                self._read(text)

    def found(self, name: str) -> dict[str, Any] | None:
        """Return what became of a part of the job, None when it is still to be done."""
        return self._lines.get(name)

    def note(self, name: str, became: Mapping[str, Any]) -> None:
        """Keep what became of a part of the job, at once."""
        self._lines[name] = dict(became)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, **became}) + "\n")

    def begin_anew(self) -> None:
        """Forget what was done, and have other keys from now on, so that all of it is done once more."""
        self._path.unlink(missing_ok=True)
        self._lines.clear()
        self.note(_ROUND, {"id": uuid.uuid4().hex})

    def key(self, name: str) -> str:
        """Return the idempotency key of a part of the job: the same whenever it is tried again."""
        this_round = self._lines.get(_ROUND, {}).get("id", "")
        return digest(self.digest, this_round, name)

    def _read(self, text: str) -> None:
        try:
            line = json.loads(text)
            self._lines[line.pop("name")] = line
        except (ValueError, KeyError, AttributeError):
            # The last line of a process that was killed; that part of the job is done again, with the same key.
            return


def digest(*parts: str | bytes) -> str:
    """Return a name for what the parts are together: another one when one of them is another."""
    whole = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else part.encode()
        whole.update(f"{len(content)}:".encode() + content)
    return whole.hexdigest()
