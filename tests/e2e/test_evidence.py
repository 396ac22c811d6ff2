"""Evidence on the deployed stage: a file is sent to the bucket, and is there though nobody says so."""

from collections.abc import Callable
from typing import Any

from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.aws import signed
from tests.e2e.endpoints import until
from tests.projects.evidence.bringing import PDF, declared

OTHER = b"MZ\x90\x00" + bytes(60)


def test_a_file_is_sent_looked_at_and_fetched(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    ada, eve = sign_up(), sign_up()

    def asks(who: SignIn, method: str, path: str, body: Any = None) -> Answer:
        return call(method, f"{stack.api_url}/api/v1{path}", body=body, token=who.access_token)

    def sends(announced: Any, body: bytes) -> int:
        upload = announced["upload"]
        return signed.put(upload["url"], body, upload["headers"]).status_code

    project_id = asks(ada, "POST", "/projects", {"name": "Engine", "currency": "EUR"}).json()["project_id"]
    draft = {"title": "Mill", "kind": "deliverable"}
    planned = asks(ada, "POST", f"/projects/{project_id}/project-milestones", draft).json()
    listed = f"/project-milestones/{planned['project_milestone_id']}/evidence"
    announced = asks(ada, "POST", listed, declared()).json()
    path = f"/evidence/{announced['evidence']['evidence_id']}"
    early = asks(ada, "POST", f"{path}/complete")
    sent = [sends(announced, b"x" * len(PDF)), sends(announced, PDF), sends(announced, PDF)]

    def is_there() -> Any:
        shown = asks(ada, "GET", path).json()
        return shown if shown["status"] != "pending" else None

    there = until(is_there)
    file = signed.get(asks(ada, "GET", f"{path}/download").json()["url"])
    forged = asks(ada, "POST", listed, declared(OTHER, "other.pdf")).json()
    sent.append(sends(forged, OTHER))
    rejected = asks(ada, "POST", f"/evidence/{forged['evidence']['evidence_id']}/complete")

    assert (early.status, early.json()["code"]) == (409, "NotUploaded")
    assert sent == [400, 200, 412, 200]
    assert there["status"] == "uploaded"
    assert asks(ada, "POST", f"{path}/complete").json() == there
    assert (file.content, file.headers["Content-Type"]) == (PDF, "application/pdf")
    assert rejected.status == 200, rejected.text
    assert (rejected.json()["status"], rejected.json()["reason"]) == ("rejected", "type_mismatch")
    assert sends(forged, OTHER) == 200
    assert asks(ada, "GET", "/evidence-usage").json()["used_bytes"] == len(PDF)
    assert [asks(eve, "GET", each).status for each in (path, f"{path}/download", listed)] == [404, 404, 404]
    assert asks(ada, "DELETE", path).status == 204
