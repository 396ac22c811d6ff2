"""Jobs on the deployed stage: goals are exported into a file, and restored from the same file."""

import hashlib
from collections.abc import Callable
from typing import Any

from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.aws import signed
from tests.e2e.endpoints import until


def test_goals_go_into_a_file_and_come_back_out_of_it(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    ada, bob = sign_up(), sign_up()

    def asks(who: SignIn, method: str, path: str, body: Any = None) -> Answer:
        return call(method, f"{stack.api_url}/api/v1{path}", body=body, token=who.access_token)

    def ended(who: SignIn, job_id: str) -> Any:
        def is_ended() -> Any:
            job = asks(who, "GET", f"/jobs/{job_id}").json()
            return job if job["status"] in {"completed", "failed"} else None

        return until(is_ended)

    goal_id = asks(ada, "POST", "/goals", {"title": "Run a marathon"}).json()["goal_id"]
    asks(ada, "POST", f"/goals/{goal_id}/tasks", {"title": "First 20 km run"})
    exporting = asks(ada, "POST", "/goals/export-jobs").json()["job_id"]
    exported = ended(ada, exporting)
    url = asks(ada, "GET", f"/jobs/{exporting}/file").json()["url"]
    file = signed.get(url)
    elsewhere = signed.get(url.replace(exporting, "other").replace("/exports/", "/parts/"))
    sent = {"size": len(file.content), "sha256": hashlib.sha256(file.content).hexdigest()}
    begun = asks(bob, "POST", "/goals/restore-jobs", sent).json()
    restoring, upload = begun["job"]["job_id"], begun["upload"]
    early = asks(bob, "POST", f"/goals/restore-jobs/{restoring}/start")
    wrong = signed.put(upload["url"], b"x" * len(file.content), upload["headers"])
    right = signed.put(upload["url"], file.content, upload["headers"])
    again = signed.put(upload["url"], file.content, upload["headers"])
    started = asks(bob, "POST", f"/goals/restore-jobs/{restoring}/start")
    restored = ended(bob, restoring)
    (row,) = asks(bob, "GET", f"/jobs/{restoring}/rows").json()["items"]

    assert (exported["status"], exported["done"]) == ("completed", 1)
    assert file.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''milepost-")
    assert [file.status_code, elsewhere.status_code] == [200, 403]
    assert (early.status, early.json()["code"]) == (409, "NotUploaded")
    assert [each.status_code for each in (wrong, right, again)] == [400, 200, 412]
    assert (started.status, restored["status"]) == (202, "completed")
    assert (row["reference"], row["status"]) == (goal_id, "done")
    assert asks(bob, "GET", f"/goals/{row['result']}/progress").json()["total_tasks"] == 1
    assert asks(ada, "GET", f"/jobs/{restoring}").status == 404
