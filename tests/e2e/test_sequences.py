"""Sequences on the deployed stage: the calls of the earlier service, and a compaction that a job does."""

from collections.abc import Callable
from typing import Any

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.e2e.endpoints import until


def test_the_calls_of_the_earlier_service_and_a_compaction(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    token, url = sign_up().access_token, f"{stack.api_url}/api/v1"

    def ask(method: str, path: str, body: Any = None) -> Any:
        return call(method, f"{url}{path}", body=body, token=token)

    made = [ask("POST", "/sequence", {"elementType": "script", "elementId": number}) for number in (1, 2, 3)]
    version = ask("POST", "/sequence/version", {"elementType": "script", "elementId": 2, "newVersionData": {"a": 1}})
    order = {"elementType": "script", "elementIds": [1, 2, 3], "newOrder": [3, 2, 1]}
    reordered = ask("POST", "/sequence/reorder", order)
    ask("DELETE", "/sequences/global/script/elements/3")
    begun = ask("POST", "/sequences/global/script/compact")

    def is_done() -> bool:
        return bool(ask("GET", f"/jobs/{begun.json()['job_id']}").json()["status"] == "completed")

    # The job waits for 40 seconds, until nobody can be on their way with a number any more.
    assert until(is_done)
    listed = ask("GET", "/sequences/global/script/elements").json()["items"]

    assert [each.json()["sequenceNumber"] for each in made] == [1, 2, 3]
    assert (version.status, version.json()["versionNumber"]) == (201, 2)
    assert [each["newSequenceNumber"] for each in reordered.json()["reorderedElements"]] == [3, 1]
    assert begun.status == 202
    assert [(each["element_id"], each["sequence_number"]) for each in listed] == [("2", 1), ("1", 2)]
