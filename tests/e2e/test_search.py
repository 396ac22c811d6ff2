"""Search on the deployed stage: what is stored comes over the bus and the queues into an index, and is found."""

from collections.abc import Callable
from typing import Any

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.e2e.endpoints import until


def test_a_document_is_found_with_a_typo_and_is_gone_when_it_was_deleted(
    stack: Addresses, sign_up: Callable[[], SignIn]
) -> None:
    me, api = sign_up(), f"{stack.api_url}/api/v1"

    def ask(method: str, path: str, body: Any = None) -> Any:
        return call(method, f"{api}{path}", body=body, token=me.access_token)

    def finds(q: str) -> list[str]:
        parameters = {"q": q, "query_by": "title"}
        found = ask("POST", "/search", {"collection_name": "books", "parameters": parameters}).json()
        return [hit["document"]["id"] for hit in found["hits"]]

    made = ask("POST", "/collections", {"name": "books", "fields": [{"name": "title", "type": "string"}]})
    for id_, title in (("moby", "Moby-Dick; or, The Whale"), ("emma", "Emma")):
        change = {"operation": "upsert", "collection_name": "books", "document": {"id": id_, "title": title}}
        ask("POST", "/documents/sync", change)
    found = until(lambda: finds("wahle"))
    ask("DELETE", "/collections/books/documents/moby")
    remaining = until(lambda: finds("*"))
    until(lambda: ask("GET", "/collections/books").json()["num_documents"] == 1)
    ask("DELETE", "/collections/books")

    assert made.status == 201
    assert found == ["moby"]
    assert remaining == ["emma"]
    assert ask("GET", "/collections").json()["items"] == []


def test_a_goal_is_found_with_a_typo_and_not_once_it_is_deleted(
    stack: Addresses, sign_up: Callable[[], SignIn]
) -> None:
    me, stranger, api = sign_up(), sign_up(), f"{stack.api_url}/api/v1"

    def ask(method: str, path: str, body: Any = None) -> Any:
        return call(method, f"{api}{path}", body=body, token=me.access_token).json()

    def finds(q: str) -> list[tuple[str, str]]:
        return [(hit["type"], hit["id"]) for hit in ask("GET", f"/search?q={q}")["items"]]

    goal_id = ask("POST", "/goals", {"title": "Learn Portuguese"})["goal_id"]
    task_id = ask("POST", f"/goals/{goal_id}/tasks", {"title": "Buy a dictionary"})["task_id"]
    found = until(lambda: finds("portugese"))
    part = until(lambda: finds("dictionari"))
    unseen = call("GET", f"{api}/search?q=portuguese", token=stranger.access_token).json()
    call("DELETE", f"{api}/goals/{goal_id}", token=me.access_token)

    assert found == [("goal", goal_id)]
    assert part == [("task", task_id)]
    assert unseen == {"items": [], "next_cursor": None}
    assert finds("portuguese") == finds("dictionary") == []
