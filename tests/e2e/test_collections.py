"""Whole collections on the deployed stage: brought in from a file, given another field, built anew, and written out."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.aws import signed
from tests.e2e.endpoints import until

ROOT = Path(__file__).parents[2]
# The command finds the local stage of the checkout; this one is the stage of the tests.
COMMAND = """
import pathlib, sys
from infra.commands import reindex
from infra.stage import access
access.STATE = pathlib.Path(sys.argv[1])
sys.exit(reindex.main(["local", sys.argv[2]]))
"""
BOOKS = 500


class Me:
    """Somebody who has signed up, and a collection of theirs."""

    def __init__(self, stack: Addresses, sign_in: SignIn) -> None:
        self._api = f"{stack.api_url}/api/v1"
        self._token = sign_in.access_token

    def asks(self, method: str, path: str, body: Any = None) -> Any:
        return call(method, f"{self._api}{path}", body=body, token=self._token)

    def ended(self, job_id: str) -> Any:
        """Return a job once it has ended, and the lines of its file."""

        def is_ended() -> Any:
            job = self.asks("GET", f"/jobs/{job_id}").json()
            return job if job["status"] in {"completed", "failed"} else None

        job = until(is_ended)
        file = signed.get(self.asks("GET", f"/jobs/{job_id}/file").json()["url"])
        return job, [json.loads(each) for each in file.content.splitlines()]

    def imports(self, body: bytes) -> Any:
        sent = {"operation": "create", "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        begun = self.asks("POST", "/collections/books/import-jobs", sent).json()
        signed.put(begun["upload"]["url"], body, begun["upload"]["headers"])
        job_id = begun["job"]["job_id"]
        self.asks("POST", f"/collections/books/import-jobs/{job_id}/start")
        return self.ended(job_id)

    def finds(self, q: str, query_by: str) -> int:
        parameters = {"q": q, "query_by": query_by, "per_page": 1}
        found = self.asks("POST", "/search", {"collection_name": "books", "parameters": parameters}).json()
        return int(found.get("found", 0))


def reindex(folder: Path, collection_id: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", COMMAND, str(folder / "state"), collection_id]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_collection_is_imported_grows_is_built_anew_and_exported(
    stack: Addresses, folder: Path, sign_up: Callable[[], SignIn]
) -> None:
    me = Me(stack, sign_up())
    made = me.asks("POST", "/collections", {"name": "books", "fields": [{"name": "title", "type": "string"}]}).json()
    books = [{"id": f"{number:05}", "title": f"Whale {number}", "publisher": "Bentley"} for number in range(BOOKS)]
    imported, report = me.imports(b"".join(json.dumps(each).encode() + b"\n" for each in [*books, {"title": 1}]))
    found = until(lambda: me.finds("whale", "title") == BOOKS)
    field = {"name": "publisher", "type": "string", "optional": True}
    grown = me.asks("PATCH", "/collections/books", {"fields": [field]})
    until(lambda: me.asks("GET", "/collections/books").json()["schema_change"]["state"] == "completed")
    by_publisher = until(lambda: me.finds("bentley", "publisher"))
    anew = reindex(folder, made["collection_id"])
    asked = {"filter_by": "publisher:bentley"}
    exporting = me.asks("POST", "/collections/books/export-jobs", asked).json()["job_id"]
    exported, written = me.ended(exporting)

    assert (imported["status"], imported["refused"]) == ("completed", 1)
    assert [each["status"] for each in report] == [200] * BOOKS + [422]
    assert found
    assert (grown.status, by_publisher) == (202, BOOKS)
    assert (anew.returncode, anew.stderr) == (0, "")
    assert anew.stdout.splitlines()[-1] == f"completed: {BOOKS} documents of about {BOOKS}"
    assert me.finds("whale", "title") == BOOKS
    assert exported["status"] == "completed"
    assert sorted(written, key=lambda each: str(each["id"])) == books
