"""What an API key may do with the order of many elements."""

from typing import Any

from tests.identity.api_keys.key_holders import Service, service_of
from tests.identity.people import registered
from tests.platform.operations import send

SCRIPTS = "/api/v1/sequences/global/script"
NAMES = [f"e{number}" for number in range(51)]


def calls(service: Service, method: str, path: str, body: Any = None) -> Any:
    return send(method, f"{SCRIPTS}{path}", body, headers={"x-api-key": service.key})


def test_a_key_changes_the_order_of_more_than_fifty_with_the_scope_for_it_alone(otp: None, pepper: str):
    owner = registered("ada").signs_in()
    writing = ["sequences:read", "sequences:write"]
    key = service_of(owner, "writer", scopes=writing)
    key_of_admin = service_of(owner, "orderer", scopes=[*writing, "sequences:admin"])
    calls(key, "POST", "/batch", {"elements": [{"element_id": name} for name in NAMES]})
    all_of_them = {"element_ids": NAMES, "new_order": NAMES[::-1]}
    numbered = [{"element_id": name, "new_sequence_number": place} for place, name in enumerate(NAMES, start=1)]

    refused = [
        calls(key, "POST", "/reorder", all_of_them),
        calls(key, "PUT", "/reorder", {"elements": numbered}),
        calls(key, "POST", "/compact"),
    ]

    assert [(each.status, each.code) for each in refused] == [(403, "KeyMayNotReorderAll")] * 3
    assert calls(key, "POST", "/reorder", {"element_ids": NAMES[1:], "new_order": NAMES[1:]}).status == 200
    assert calls(key_of_admin, "POST", "/reorder", all_of_them).status == 200
    assert calls(key_of_admin, "POST", "/compact").status == 202
