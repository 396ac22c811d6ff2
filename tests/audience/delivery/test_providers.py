"""Providers as they are stored and found."""

import pytest

from functions.audience.delivery import providers
from functions.audience.delivery.providers import ProviderNotFound, ReceiptSecret
from shared import clock
from tests.audience.delivery.having import AT, TENANT, provider, stored

pytestmark = pytest.mark.usefixtures("pepper")


def test_a_provider_is_read_as_it_was_written():
    made, _ = provider({"auth_token": "of twilio"}, kind="twilio", channel="sms", per_minute=60, dedupes=True)
    stored(made)
    found = providers.get(TENANT, made.provider_id)

    assert found == made
    assert providers.secret_of(found, "auth_token") == "of twilio"


def test_no_secret_stands_in_the_table_as_it_is():
    made, secret = provider({"auth_token": "of twilio"})

    assert "of twilio" not in repr(made)
    assert secret not in repr(made)


def test_a_provider_of_another_tenant_is_not_found():
    made, _ = provider()
    stored(made)

    with pytest.raises(ProviderNotFound):
        providers.get("tenant_01KAFX3V5N8T2J6Q4W9Y7ZC0DF", made.provider_id)


@pytest.mark.parametrize("provider_id", ["", "prv_1", "lead_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "prv_#"])
def test_what_is_no_id_of_a_provider_finds_none(provider_id: str):
    with pytest.raises(ProviderNotFound):
        providers.get(TENANT, provider_id)
    with pytest.raises(ProviderNotFound):
        providers.of_receipt(provider_id)


def test_a_receipt_finds_the_provider_without_its_tenant():
    made = stored(provider()[0])

    assert providers.of_receipt(made.provider_id) == made


def test_a_channel_takes_the_provider_that_is_named_else_the_default():
    usual = stored(provider()[0], is_default=True)
    other = stored(provider()[0])

    assert providers.for_channel(TENANT, "email") == usual
    assert providers.for_channel(TENANT, "email", other.provider_id) == other


def test_a_channel_takes_no_provider_of_another_channel_and_none_that_is_gone():
    text = stored(provider(channel="sms")[0], is_default=True)

    assert providers.for_channel(TENANT, "email") is None
    assert providers.for_channel(TENANT, "email", text.provider_id) is None
    assert providers.for_channel(TENANT, "sms", "prv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE") is None


def test_two_secrets_of_receipts_are_good_until_the_older_one_ends():
    made, new = provider()
    old, before = provider()
    ends_at = clock.from_rfc3339("2026-11-21T12:00:00Z")
    older = ReceiptSecret("secret_1", providers.sealed(made.provider_id, before), AT, ends_at)
    rotated = made._replace(receipt_secrets=[*made.receipt_secrets, older])

    assert old.provider_id != made.provider_id
    assert providers.receipt_secrets(rotated, ends_at - 1) == [new, before]
    assert providers.receipt_secrets(rotated, ends_at) == [new]
