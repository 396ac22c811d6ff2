"""The id of a message says of which campaign it is, and to whom it goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from functions.audience.recipients import send_ids
from functions.audience.recipients.send_ids import Owner, Parts
from shared.sending import labels
from shared.sending.labels import Label
from shared.storage import table
from tests.audience.recipients.rows import CAMPAIGN, LABEL, TENANT


@given(number=st.integers(0, (1 << 128) - 1))
def test_a_send_id_is_read_as_it_was_made(number: int) -> None:
    lead_id = f"lead_{ULID.from_int(number)}"

    assert send_ids.read(send_ids.make(LABEL, lead_id)) == Parts(LABEL, lead_id)


@given(number=st.integers(0, (1 << 128) - 1))
def test_a_send_id_fits_the_label_of_an_envelope_sender(number: int) -> None:
    send_id = send_ids.make(send_ids.new_label(), f"lead_{ULID.from_int(number)}")
    address = labels.envelope_sender("no-reply@example.com", Label("audience", send_id))

    assert labels.read(address) == Label("audience", send_id)


@pytest.mark.parametrize("text", ["", "x", "0" * 32, "0" * 34, "z" * 33, "0" * 32 + "#", "0" * 32 + "é"])
def test_what_is_no_send_id_is_read_as_none(text: str) -> None:
    assert send_ids.read(text) is None


def test_a_label_leads_to_its_campaign(aws: None) -> None:
    table.transact([send_ids.pointer(LABEL, Owner(TENANT, CAMPAIGN))])

    assert send_ids.campaign_of(LABEL) == Owner(TENANT, CAMPAIGN)
    assert send_ids.campaign_of(send_ids.new_label()) is None
    assert send_ids.campaign_of("x#y") is None
