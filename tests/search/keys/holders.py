"""Keys that are bound to a collection, and what is sent with them."""

from dataclasses import dataclass, field
from typing import Any

from functions.jobs import api as jobs_api
from functions.jobs import resolver as jobs_resolver
from functions.search import api, query_api, resolver
from tests.aws.entries import Answer, call, http_event
from tests.search.people import Person

KEYS = "/collections/books/keys"


@dataclass(frozen=True)
class Holder:
    """Whoever has a key."""

    key_id: str
    text: str = field(repr=False)

    @property
    def user_id(self) -> str:
        """Return as whom the key calls."""
        return f"key_{self.key_id}"

    def rest(self, method: str, path: str, body: Any = None, *, key: str = "") -> Answer:
        headers = {"x-api-key": self.text} | ({"idempotency-key": key} if key else {})
        event = http_event(method, f"/api/v1{path}", body, headers=headers)
        if path.startswith("/jobs"):
            return call(jobs_api.handler, jobs_resolver.api, event)
        handler = query_api.handler if path in {"/search", "/multi-search"} else api.handler
        return call(handler, resolver.api, event)

    def asks(self, q: str = "*", *, name: str = "books", **parameters: Any) -> Answer:
        return self.rest("POST", "/search", {"collection_name": name, "parameters": {"q": q, **parameters}})

    def searches(self, q: str = "*", **parameters: Any) -> dict[str, Any]:
        answer = self.asks(q, **parameters)
        assert answer.status == 200, answer.body
        return answer.body

    def finds(self, q: str = "*", **parameters: Any) -> list[str]:
        return [hit["document"]["id"] for hit in self.searches(q, **parameters)["hits"]]

    def shows(self, document_id: str, name: str = "books") -> Answer:
        return self.rest("GET", f"/collections/{name}/documents/{document_id}")


def holder_of(person: Person, **draft: Any) -> Holder:
    answer = person.rest("POST", KEYS, draft)
    assert answer.status == 201, answer.body
    return Holder(answer.body["key_id"], answer.body["key"])
