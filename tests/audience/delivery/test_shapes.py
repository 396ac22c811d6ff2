"""What a kind of provider does not take is refused, field by field."""

from typing import Any

import pytest

from tests.audience.delivery.bodies import GATEWAY, SID, TWILIO, WHATSAPP, create, path_of
from tests.audience.people import Person


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (GATEWAY | {"channel": None}, {"channel"}),
        (GATEWAY | {"channel": "fax"}, {"channel"}),
        (GATEWAY | {"kind": "pigeon"}, {"kind"}),
        (GATEWAY | {"settings": {}}, {"settings.url"}),
        (GATEWAY | {"settings": {"url": "http://gateway.example.com/"}}, {"settings.url"}),
        (GATEWAY | {"settings": {"url": "https://10.0.0.1/"}}, {"settings.url"}),
        (GATEWAY | {"settings": {"url": "https://localhost/"}}, {"settings.url"}),
        (GATEWAY | {"settings": {"url": "http://127.0.0.1:8792/"}}, {"settings.url"}),
        (GATEWAY | {"settings": {"url": "https://x.example.com/", "more": 1}}, {"settings.more"}),
        (GATEWAY | {"secrets": {"auth_token": "x"}}, {"secrets.auth_token"}),
        (GATEWAY | {"per_minute": 0}, {"per_minute"}),
        (GATEWAY | {"tenant_id": "tenant_1"}, {"tenant_id"}),
        (TWILIO | {"secrets": {}}, {"secrets.auth_token"}),
        (TWILIO | {"secrets": {"auth_token": "a\nb"}}, {"secrets.auth_token"}),
        (TWILIO | {"settings": {"account_sid": "AC1", "from": "+"}}, {"settings.account_sid", "settings.from"}),
        (TWILIO | {"settings": {"account_sid": SID}}, {"settings"}),
        (
            TWILIO | {"settings": {"account_sid": SID, "from": "Sale", "messaging_service_sid": "MG" + "0" * 32}},
            {"settings"},
        ),
        (
            TWILIO | {"settings": {"account_sid": SID, "from": "Sale", "base_url": "https://x.example.com/?a=b"}},
            {"settings.base_url"},
        ),
        (TWILIO | {"channel": "email"}, {"channel"}),
        (TWILIO | {"dedupes": True}, {"dedupes"}),
        (WHATSAPP | {"settings": {"phone_number_id": "../me"}}, {"settings.phone_number_id"}),
        ({"kind": "sns", "name": "x", "settings": {"sms_type": "Urgent"}}, {"settings.sms_type"}),
        ({"kind": "ses", "name": "x", "settings": {"from": "eve@example.org"}}, {"settings.from"}),
    ],
)
def test_what_a_kind_does_not_take_is_refused_field_by_field(ada: Person, body: Any, fields: set[str]):
    refused = ada.post("/delivery-providers", body)

    assert refused.status == 422
    assert {each["field"] for each in refused.body["errors"]} == fields
    assert ada.get("/delivery-providers").body["items"] == []


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"settings": {"account_sid": "AC1"}}, {"settings.account_sid"}),
        ({"secrets": {"access_token": "x"}}, {"secrets.access_token"}),
        ({"receipts_by_vendor_id": True}, {"receipts_by_vendor_id"}),
        ({"kind": "ses"}, {"kind"}),
        ({"channel": "email"}, {"channel"}),
    ],
)
def test_a_change_is_held_to_the_kind(ada: Person, change: Any, fields: set[str]):
    refused = ada.patch(path_of(create(ada, TWILIO)), change)

    assert refused.status == 422
    assert {each["field"] for each in refused.body["errors"]} == fields
