"""The pointer from a provider's own id to the recipient."""

import pytest

from functions.audience.delivery import vendor_messages
from functions.audience.delivery.vendor_messages import VendorMessage
from shared import clock
from shared.storage import table
from tests.audience.delivery.having import AT, TENANT, message, provider

pytestmark = pytest.mark.usefixtures("pepper")

NOW = clock.from_rfc3339(AT)


def test_a_receipt_with_the_id_of_the_provider_finds_the_recipient():
    made, _ = provider(receipts_by_vendor_id=True)
    pointer = vendor_messages.pointed(made, message(), "wamid.#1/ü", at=NOW)
    assert pointer is not None
    table.put_many([pointer.item])

    found = vendor_messages.find(made.provider_id, "wamid.#1/ü")
    assert found == VendorMessage(TENANT, message().campaign_id, message().lead_id)
    assert vendor_messages.find(made.provider_id, "wamid.2") is None
    assert vendor_messages.find(provider()[0].provider_id, "wamid.#1/ü") is None


def test_a_pointer_is_kept_for_thirty_days():
    made, _ = provider(receipts_by_vendor_id=True)
    pointer = vendor_messages.pointed(made, message(), "wamid.1", at=NOW)

    assert pointer is not None
    assert pointer.item["ttl"] == clock.from_rfc3339("2026-12-20T12:00:00Z") // clock.SECOND


def test_no_pointer_is_written_for_a_provider_whose_receipts_name_the_recipient():
    assert vendor_messages.pointed(provider()[0], message(), "wamid.1", at=NOW) is None
