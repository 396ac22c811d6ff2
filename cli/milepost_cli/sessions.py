"""The session of this machine: a file that its owner alone may read, and one process at a time renews it.

A refresh token is good once, and whoever sends it again ends the session. So it is spent under a lock, after the file
was read again: another process may have been faster.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

_FILE = "session.json"


@dataclass(frozen=True, kw_only=True)
class Session:
    """Who is signed in where. `expires_at` is in seconds since 1970 by the clock of this machine."""

    url: str
    email: str
    access_token: str
    refresh_token: str
    expires_at: float

    def granted(self, grant: dict[str, Any], *, now: float) -> "Session":
        """Return the session with the tokens that the API has granted."""
        return replace(
            self,
            access_token=grant["access_token"],
            refresh_token=grant["refresh_token"],
            expires_at=now + grant["expires_in"],
        )

    def __repr__(self) -> str:
        # Tokens do not belong into what a failure prints.
        return f"Session({self.email} at {self.url})"


def load(folder: Path) -> Session | None:
    """Return the session that was kept, None when there is none or what is there is none."""
    try:
        return Session(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def keep(folder: Path, session: Session) -> None:
    """Keep the session: a whole file at any moment, with mode 0600 from the first byte."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = folder / f"{_FILE}.{os.getpid()}"
    with contextlib.suppress(FileNotFoundError):
        written.unlink()
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(session), file)
    written.replace(folder / _FILE)


def forget(folder: Path) -> None:
    """Remove the session from this machine."""
    (folder / _FILE).unlink(missing_ok=True)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let no other process into the block at the same time."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f"{_FILE}.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
