"""Whole collections on the deployed stage: brought in from a file, given another field, built anew, and written out."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
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


def test_a_collection_is_imported_grows_is_built_anew_and_exported(
    stack: Addresses, folder: Path, sign_up: Callable[[], SignIn]
) -> None:
    me, api = sign_up(), f"{stack.api_url}/api/v1"

    def ask(method: str, path: str, body: Any = None) -> Any:
        return call(method, f"{api}{path}", body=body, token=me.access_token)

    def ended(job_id: str) -> Any:
        def is_ended() -> Any:
            job = ask("GET", f"/jobs/{job_id}").json()
            return job if job["status"] in {"completed", "failed"} else None

        return until(is_ended)

    def finds(q: str, query_by: str) -> int:
        parameters = {"q": q, "query_by": query_by, "per_page": 1}
        found: int = (
            ask("POST", "/search", {"collection_name": "books", "parameters": parameters}).json().get("found", 0)
        )
        return found

    def lines(job_id: str) -> list[Any]:
        file = httpx.get(ask("GET", f"/jobs/{job_id}/file").json()["url"])
        return [json.loads(each) for each in file.content.splitlines()]

    made = ask("POST", "/collections", {"name": "books", "fields": [{"name": "title", "type": "string"}]}).json()
    books = [{"id": f"{number:05}", "title": f"Whale {number}", "publisher": "Bentley"} for number in range(BOOKS)]
    body = b"".join(json.dumps(each).encode() + b"\n" for each in [*books, {"title": 1}])
    sent = {"operation": "create", "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    begun = ask("POST", "/collections/books/import-jobs", sent).json()
    httpx.put(begun["upload"]["url"], content=body, headers=begun["upload"]["headers"])
    importing = begun["job"]["job_id"]
    ask("POST", f"/collections/books/import-jobs/{importing}/start")
    imported = ended(importing)
    report = lines(importing)
    found = until(lambda: finds("whale", "title") == BOOKS)
    field = {"name": "publisher", "type": "string", "optional": True}
    grown = ask("PATCH", "/collections/books", {"fields": [field]})
    until(lambda: ask("GET", "/collections/books").json()["schema_change"]["state"] == "completed")
    by_publisher = until(lambda: finds("bentley", "publisher"))
    anew = subprocess.run(
        [sys.executable, "-c", COMMAND, str(folder / "state"), made["collection_id"]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    exporting = ask("POST", "/collections/books/export-jobs", {"filter_by": "publisher:bentley"}).json()["job_id"]
    exported = ended(exporting)
    written = lines(exporting)

    assert (imported["status"], imported["refused"]) == ("completed", 1)
    assert [each["status"] for each in report] == [200] * BOOKS + [422]
    assert found
    assert (grown.status, by_publisher) == (202, BOOKS)
    assert (anew.returncode, anew.stderr) == (0, "")
    assert anew.stdout.splitlines()[-1] == f"completed: {BOOKS} documents of about {BOOKS}"
    assert finds("whale", "title") == BOOKS
    assert exported["status"] == "completed"
    assert sorted(written, key=lambda each: str(each["id"])) == books
