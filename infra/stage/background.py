"""A process that runs beside the local stage: started detached, found again, stopped.

Rule: only a process that was started here is touched. It holds a lock as long as it lives; its number alone may be that
of another by now.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
START_SECONDS: Final = 20
STOP_SECONDS: Final = 20
# Those that were started from here, by their locks: who starts one also takes note of its end.
_STARTED: Final[dict[Path, subprocess.Popen[bytes]]] = {}


class NotStarted(Exception):
    """The process ended, or does not listen; the message has the end of its log."""


class Background:
    """The process with this name in the folder of a stage."""

    def __init__(self, state: Path, name: str) -> None:
        self._lock = state / f"{name}.lock"
        self._pid = state / f"{name}.pid"
        self._log = state / f"{name}.log"

    def is_running(self) -> bool:
        """Return whether it runs."""
        if not self._lock.exists():
            return False
        with self._opened() as lock:
            return not _is_free(lock)

    def start(self, command: Sequence[str], environment: Mapping[str, str], *, port: int) -> None:
        """Start it, and return when it listens at this port of this machine. Raises NotStarted."""
        with self._opened() as lock, self._log.open("wb") as log:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # As long as it lives it holds the lock, which is how it is known to be ours.
                pass_fds=[lock],
            )
            self._pid.write_text(str(process.pid))
        _STARTED[self._lock] = process
        deadline = time.monotonic() + START_SECONDS
        while not listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotStarted(self._log.read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def stop(self) -> bool:
        """Stop it, and return whether it was running. Raises NotStarted when it does not end in time."""
        if not self.is_running():
            self._reap()
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(self._pid.read_text()), signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_running():
            if time.monotonic() > deadline:
                raise NotStarted(f"Process {self._pid.read_text()} does not stop; see {self._log}")
            time.sleep(0.05)
        self._reap()
        self._pid.unlink(missing_ok=True)
        return True

    def _reap(self) -> None:
        process = _STARTED.pop(self._lock, None)
        if process is not None:
            process.wait()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT, mode=0o600)
        try:
            yield lock
        finally:
            os.close(lock)


def listens(port: int) -> bool:
    """Return whether somebody listens at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(lock, fcntl.LOCK_UN)
    return True
