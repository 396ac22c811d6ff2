"""One MiniStack process: started detached, found again, stopped. Rule: only a process we started is ever touched."""

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

from infra.local.client import call

START_SECONDS = 60
STOP_SECONDS = 60
MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there is for its owner alone
SCRATCH_BYTES = 4 << 30

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
    """The MiniStack whose state lives in a folder. Nothing runs until `start`."""

    def __init__(self, *, state: Path, port: int) -> None:
        self.state = state
        self.port = port
        self.log = state / "ministack.log"
        self._pid = state / "ministack.pid"
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
        """Return the port on which the MiniStack of this folder answers, None when it is not running."""
        with self._lock() as (_, free):
            return None if free else self._running()[1]

    def start(self) -> None:
        """Start it, unless it already runs on this port; on another one, move it here. Returns when it answers.

        Raises:
            MiniStackError: the port is taken, or MiniStack gave up; the end of its log is in the message.
        """
        port = self.running_port()
        if port == self.port:
            return
        if port is not None:
            self.stop()
        if _listens(self.port):
            raise MiniStackError(f"Port {self.port} is in use. Choose another one: make up PORT={self.port + 1}")
        self._prepare()
        scratch = self._scratch[0 if _has_plenty(MEMORY) else 1]
        scratch.mkdir(mode=0o700)
        with self._lock() as (lock, _), self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ministack"],
                cwd=self.state,
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
        self._wait_until_healthy(self._process)

    def stop(self) -> None:
        """Stop it, if it runs; it writes its state to disk before it ends.

        Raises:
            MiniStackError: it did not end in a minute.
        """
        with self._lock() as (lock, free):
            if free:
                return
            pid, _ = self._running()
            os.kill(pid, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            while not _try_lock(lock):
                if time.monotonic() > deadline:
                    raise MiniStackError(f"MiniStack (process {pid}) does not stop; see {self.log}")
                time.sleep(0.05)
            # Its functions are processes of its group and may outlive it for a while.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            self._remove_unpacked_functions()
        if self._process is not None:
            self._process.wait()
        self._pid.unlink(missing_ok=True)

    def _running(self) -> tuple[int, int]:
        pid, port = self._pid.read_text().split()
        return int(pid), int(port)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[tuple[int, bool]]:
        """Yield the lock of this folder and whether it was free: it is held by the running MiniStack, else by us."""
        self.state.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.state / "ministack.lock", os.O_RDWR | os.O_CREAT)
        try:
            yield lock, _try_lock(lock)
        finally:
            os.close(lock)

    def _prepare(self) -> None:
        self._remove_unpacked_functions()
        _forget_stream_positions(self.state / "services" / "lambda.json")

    def _remove_unpacked_functions(self) -> None:
        for folder in self._scratch:
            shutil.rmtree(folder, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        return without_aws(os.environ) | {
            **CREDENTIALS,
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.state / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.state / "s3"),
            "LOG_LEVEL": "WARNING",
            # These two listen on all interfaces, on fixed ports, and nobody here speaks MQTT or SFTP.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
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
    return kept | {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


def _has_plenty(folder: Path) -> bool:
    """Return whether functions can be unpacked here and run from here, thirty at a time."""
    if not folder.is_dir() or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(folder).free >= SCRATCH_BYTES


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _forget_stream_positions(state: Path) -> None:
    """Let consumers read a stream from its start again.

    MiniStack 1.5 keeps how far a consumer has read across a restart, but not the records of the stream, and so would
    pass over as many new records as there were old ones.
    """
    if state.exists():
        content = json.loads(state.read_text())
        content["payload"].pop("dynamodb_stream_positions", None)
        state.write_text(json.dumps(content))
