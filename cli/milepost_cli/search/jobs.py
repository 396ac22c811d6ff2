"""Jobs of collections: waiting for their end, and the files that they take and make."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import httpx

from milepost_cli import api, terminal
from milepost_cli.account import Account
from milepost_cli.frame import View
from milepost_cli.search import waiting
from milepost_cli.search.waiting import Progress
from milepost_cli.stops import Misused, Refused, Unavailable
from milepost_cli.surroundings import Surroundings

COMPLETED = "completed"
ENDED = {COMPLETED, "failed", "cancelled"}
CHUNK = 64 * 1024

_IS_THERE = 412


def ended(around: Surroundings, account: Account, job: View) -> View:
    """Return a job once it has ended. Raises Unavailable when it stands still."""
    return waiting.ended(around, job["unit"], job, ask=lambda: account.get(path(job["job_id"])), progress=_progress)


def require_completed(job: View) -> None:
    """Require that a job has done all that it was to do. Raises Refused."""
    if job["status"] != COMPLETED:
        why = f": {job['reason']}" if job["reason"] else ""
        raise Refused(f"The job {job['job_id']} has not completed, it was {job['status']}{why}.")


def path(job_id: str) -> str:
    """Return where a job is."""
    return f"/jobs/{job_id}"


def measured(file: Path) -> tuple[int, str]:
    """Return the bytes of a file and its SHA-256, hexadecimal."""
    with file.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
        return content.tell(), found


def send(around: Surroundings, upload: View, file: Path) -> None:
    """Send a file where a job waits for it; one that is there already stays. Raises Misused, Unavailable."""
    size = file.stat().st_size
    with _client(around, upload["url"]) as client:

        def once() -> int:
            with file.open("rb") as content, terminal.measuring("bytes sent") as moved:
                chunks = _chunks(content, lambda done: moved(done, size))
                return client.request("PUT", upload["url"], content=chunks, headers=upload["headers"]).status_code

        status = _tried(around, once)
    if status == httpx.codes.BAD_REQUEST:
        raise Misused(f"{file} was changed while it was sent.")
    if not httpx.codes.is_success(status) and status != _IS_THERE:
        raise Unavailable(f"The file could not be sent ({status}). Give the same command again.")


def fetch(around: Surroundings, account: Account, job_id: str, into: BinaryIO) -> None:
    """Write the file that a job has made. Raises Unavailable."""
    address = f"{path(job_id)}/file"
    fetch_at(around, lambda: str(account.get(address)["url"]), into, what=f"file of the job {job_id}")


def fetch_at(around: Surroundings, address: Callable[[], str], into: BinaryIO, *, what: str) -> None:
    """Write a file; `address` says before each try where it is. Raises Unavailable, which calls the file by `what`."""

    def once() -> int:
        url = address()
        into.seek(0)
        into.truncate()
        with _client(around, url) as client, client.stream("GET", url) as answer:
            if answer.is_success:
                for chunk in answer.iter_bytes(CHUNK):
                    into.write(chunk)
            return answer.status_code

    status = _tried(around, once)
    if not httpx.codes.is_success(status):
        raise Unavailable(f"The {what} could not be fetched ({status}).")


def _progress(job: View) -> Progress:
    return Progress(job["status"] in ENDED, job["done"], job["total"])


def _client(around: Surroundings, url: str) -> httpx.Client:
    return api.client(url, transport=around.transport)


def _tried(around: Surroundings, once: Callable[[], int]) -> int:
    """Return the status that the store of files answers, after more tries if it cannot now. Raises Unavailable."""
    for attempt in range(api.TRIES):
        try:
            status = once()
        except httpx.TransportError:
            status = int(httpx.codes.SERVICE_UNAVAILABLE)
        if not httpx.codes.is_server_error(status) and status != httpx.codes.CONFLICT:
            return status
        around.pause(2.0**attempt / 4)
    raise Unavailable("The store of files does not answer. Give the same command again.")


def _chunks(content: BinaryIO, moved: Callable[[int], None]) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk
        moved(content.tell())
