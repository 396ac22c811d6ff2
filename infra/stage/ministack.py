"""One MiniStack process: started detached, found again, stopped. Rule: only a process we started is ever touched.

Its data are of one time: a process that was killed has left the next one what the last orderly stop kept (`kept.py`).
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from infra.stage import private
from infra.stage.client import call
from infra.stage.kept import S3_FOLDER, STATE_FOLDER, Kept, Loss

ROOT = Path(__file__).parents[2]
DEFAULT_PORT = 4566
START_SECONDS = 60
# It writes all data before it ends, which takes more than a minute where others keep the processor busy.
STOP_SECONDS = 180
LOCK, STARTING = LOCKS = ("ministack.lock", "ministack.starting")
MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there is for its owner alone
SCRATCH_BYTES = 4 << 30
# A second request at once has a second copy of the function started for it. Kept for half an hour after its last
# request, it is there for the next burst too.
IDLE_SECONDS = 1800

LOOPBACK = "127.0.0.1,localhost"
ACCOUNT = "000000000000"
REGION = "us-east-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}


class MiniStackError(Exception):
    """MiniStack cannot be started or stopped; the message says why and what to do."""


class MiniStack:
    """The MiniStack whose state lives in a folder. Nothing runs until `start`.

    Without a `port` it is where it runs, or ran last, or at 4566.
    """

    def __init__(self, *, state: Path, port: int | None = None) -> None:
        self.state = state
        self.log = state / "ministack.log"
        self._pid = state / "ministack.pid"
        self._last_port = state / "port"
        self.port = port or self._remembered_port()
        self._kept = Kept(state)
        # Each copy of a function that runs at the same time is unpacked: 45 MB in 2,200 files. In memory that costs
        # nothing; on a disk that discards freed blocks at once, removing thirty of them took minutes.
        digest = hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:16]
        self._scratch = (MEMORY / f"milepost-{digest}", state / "tmp")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """Return the address of all its services. An IP address, so that S3 puts bucket names into the path."""
        return f"http://127.0.0.1:{self.port}"

    def running_port(self) -> int | None:
        """Return the port of the MiniStack of this folder, None when it is not running."""
        with self._opened() as lock:
            return None if _is_free(lock) else self._running()[1]

    def start(self) -> Loss | None:
        """Start it, unless it already runs on this port; on another one, move it here. Returns when it answers.

        The answer is what was lost when it was killed before, None when nothing was. Two at once start one.

        Raises:
            MiniStackError: the port is taken, or MiniStack gave up; the end of its log is in the message.
        """
        with self._opened(STARTING) as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            loss = None
            port = self.running_port()
            if port != self.port:
                loss = self._start_instead_of(port)
            self._wait_until_healthy()
        return loss

    def _start_instead_of(self, port: int | None) -> Loss | None:
        # Before what runs is stopped: whoever names a port in vain should still have the stage they had.
        if _listens(self.port):
            raise MiniStackError(f"Port {self.port} is in use. Choose another one: make up PORT={_free_port()}")
        if port is not None:
            self.stop()
        loss = self._kept.fall_back() if self._kept.was_cut_off() else None
        private.close(self.state)
        self._remove_unpacked_functions()
        _forget_stream_positions(self.state / STATE_FOLDER / "lambda.json")
        self._launch()
        self._last_port.write_text(str(self.port))
        return loss

    def stop(self) -> bool:
        """Stop it; it writes its state to disk before it ends. Return whether it was running.

        Raises:
            MiniStackError: it did not end in three minutes.
        """
        with self._opened() as lock:
            if _is_free(lock):
                # Another has stopped the one that was started from here.
                self._reap()
                return False
            pid, _ = self._running()
            os.kill(pid, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            while not _is_free(lock):
                if time.monotonic() > deadline:
                    raise MiniStackError(f"MiniStack (process {pid}) does not stop; see {self.log}")
                time.sleep(0.05)
            # Its functions are processes of its group and may outlive it for a while.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            self._remove_unpacked_functions()
        self._reap()
        self._pid.unlink(missing_ok=True)
        return True

    def _reap(self) -> None:
        """Take note of the end of one that was started from here."""
        if self._process is not None:
            self._process.wait()

    def _launch(self) -> None:
        scratch = self._scratch[0 if _has_plenty(MEMORY) else 1]
        scratch.mkdir(mode=0o700)
        self._pid.unlink(missing_ok=True)
        self._reap()
        with self._opened() as lock, self.log.open("wb") as log:
            # Others have it for a moment only, to see whether somebody has it.
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.stage.emulator", str(self.state.resolve())],
                cwd=ROOT,
                env=self._environment() | {"TMPDIR": str(scratch)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # The process holds the lock as long as it lives: that is how it is known to be ours, whatever
                # other process its number may belong to after a crash or a restart of the machine.
                pass_fds=[lock],
            )
            self._pid.write_text(f"{self._process.pid} {self.port}")

    def _remembered_port(self) -> int:
        running = self.running_port() if self.state.exists() else None
        if running is not None:
            return running
        return int(self._last_port.read_text()) if self._last_port.exists() else DEFAULT_PORT

    def _running(self) -> tuple[int, int]:
        """Return the process and the port of the one that runs; it writes them down a moment after it has begun."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(FileNotFoundError, ValueError):
                pid, port = self._pid.read_text().split()
                return int(pid), int(port)
            if time.monotonic() > deadline:
                raise MiniStackError(f"Something holds {self.state / LOCK}, and is no MiniStack of this folder.")
            time.sleep(0.01)

    @contextlib.contextmanager
    def _opened(self, name: str = LOCK) -> Iterator[int]:
        """Yield a file of this folder that is there to be locked."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.state / name, os.O_RDWR | os.O_CREAT, mode=0o600)
        try:
            yield lock
        finally:
            os.close(lock)

    def _remove_unpacked_functions(self) -> None:
        for folder in self._scratch:
            shutil.rmtree(folder, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        return without_aws(os.environ) | {
            **CREDENTIALS,
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.state / STATE_FOLDER),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.state / S3_FOLDER),
            "LAMBDA_WARM_TTL_SECONDS": str(IDLE_SECONDS),
            # Roles of functions, signatures and the CORS of buckets count, as on AWS.
            "AUTH": "true",
            "LOG_LEVEL": "WARNING",
            # These two listen on all interfaces, on fixed ports, and nobody here speaks MQTT or SFTP.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.running_port() is not None:
            with contextlib.suppress(OSError):
                call("GET", f"{self.endpoint}/_ministack/health")
                return
            time.sleep(0.05)
        raise MiniStackError(f"MiniStack did not start:\n{self.log.read_text(errors='replace')[-2000:]}")


def without_aws(environment: dict[str, str] | os._Environ[str]) -> dict[str, str]:
    """Return the environment without what could lead to a real account, another Python, or a proxy for loopback."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_") and name not in {"PYTHONPATH", "PYTHONHOME"}
    }
    direct = ",".join(filter(None, [LOOPBACK, environment.get("no_proxy") or environment.get("NO_PROXY")]))
    return kept | {"NO_PROXY": direct, "no_proxy": direct}


def _has_plenty(folder: Path) -> bool:
    """Return whether functions can be unpacked here and run from here, thirty at a time."""
    if not folder.is_dir() or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(folder).free >= SCRATCH_BYTES


def _is_free(lock: int) -> bool:
    """Return whether no MiniStack holds the lock. Any number may look at once."""
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(lock, fcntl.LOCK_UN)
    return True


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    """Return a port that nobody listens to, near the usual one if there is one."""
    return next(port for port in range(DEFAULT_PORT + 1, 1 << 16) if not _listens(port))


def _forget_stream_positions(state: Path) -> None:
    """Let consumers read a stream from its start again.

    MiniStack 1.5 keeps how far a consumer has read across a restart, but not the records of the stream, and so would
    pass over as many new records as there were old ones.
    """
    if state.exists():
        content = json.loads(state.read_text())
        content["payload"].pop("dynamodb_stream_positions", None)
        state.write_text(json.dumps(content))
