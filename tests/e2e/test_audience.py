"""An audience on the deployed stage: leads over HTTP, and orders that follow a merge."""

from collections.abc import Callable
from typing import Any

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.e2e.endpoints import until

AT = "2026-11-01T10:00:00Z"


def test_leads_are_written_merged_and_erased(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    token, url = sign_up().access_token, f"{stack.api_url}/api/v1"

    def ask(method: str, path: str, body: Any = None) -> Any:
        return call(method, f"{url}{path}", body=body, token=token)

    ask("PATCH", "/tenant", {"currency": "EUR", "phone_region": "GB"})
    one = ask("POST", "/leads", {"emails": ["Ada@Example.org"], "phones": ["020 7946 0958"]}).json()
    rows = [{"emails": ["ada@example.org"], "name": "Ada"}, {"external_id": "two", "consent": {"email": "denied"}}]
    became = ask("POST", "/leads/bulk", {"rows": rows}).json()["results"]
    two = became[1]["lead_id"]
    order = {"order_id": "o-1", "amount_minor_units": 1250, "currency": "EUR", "ordered_at": AT}
    recorded = ask("POST", f"/leads/{two}/orders", order)
    merged = ask("POST", f"/leads/{one['lead_id']}/merge", {"lead_id": two}).json()

    def orders() -> list[str]:
        return [each["order_id"] for each in ask("GET", f"/leads/{one['lead_id']}/orders").json()["items"]]

    moved = until(lambda: orders() == ["o-1"])
    read = ask("GET", f"/leads/{two}").json()
    recount = ask("POST", f"/leads/{one['lead_id']}/recount", {}).json()
    found = ask("GET", "/leads?email=ada@example.org").json()["items"]
    erased = ask("DELETE", f"/leads/{two}")

    assert (one["emails"], one["phones"]) == (["ada@example.org"], ["+442079460958"])
    assert [each["result"] for each in became] == ["updated", "inserted"]
    assert (recorded.status, moved, recount["differences"]) == (201, True, [])
    assert (merged["total_spend"], merged["consent"]["email"]["state"]) == (12.5, "denied")
    assert (read["lead_id"], read["name"]) == (one["lead_id"], "Ada")
    assert [each["lead_id"] for each in found] == [one["lead_id"]]
    assert (erased.status, ask("GET", f"/leads/{one['lead_id']}").status) == (204, 404)
