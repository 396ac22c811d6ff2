"""Search on the deployed stage: what is stored comes over the bus and the queue into an index, and is found."""

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
