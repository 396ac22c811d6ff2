"""Bodies of requests for delivery providers, and the first of them sent."""

from typing import Any

from tests.audience.people import Person

SID = "AC" + "0" * 32
GATEWAY = {
    "kind": "webhook",
    "channel": "email",
    "name": "Our gateway",
    "settings": {"url": "https://gateway.example.com/messages"},
}
TWILIO = {
    "kind": "twilio",
    "name": "Texts",
    "settings": {"account_sid": SID, "from": "+15005550006"},
    "secrets": {"auth_token": "t0ken-of-twilio"},
}
WHATSAPP = {
    "kind": "whatsapp",
    "name": "Templates",
    "settings": {"phone_number_id": "1066", "language": "de"},
    "secrets": {"access_token": "EAAx"},
}


def create(person: Person, body: Any, **more: Any) -> dict[str, Any]:
    answer = person.post("/delivery-providers", {**body, **more})
    assert answer.status == 201, answer.body
    return dict(answer.body)


def path_of(made: dict[str, Any]) -> str:
    return f"/delivery-providers/{made['provider_id']}"
