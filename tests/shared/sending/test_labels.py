"""Labels go out with an e-mail and come back with its feedback."""

import pytest

from shared.sending import labels
from shared.sending.labels import Label

LABEL = Label("notifications", "ntf_01KAFWZZ2C4E6G8J0K3M5N7PQR")


def test_a_label_comes_back_as_it_was_sent():
    address = labels.envelope_sender("no-reply@example.com", LABEL)

    assert address == "no-reply+notifications.ntf_01KAFWZZ2C4E6G8J0K3M5N7PQR@example.com"
    assert labels.read(address) == LABEL


def test_the_longest_label_leaves_room_for_an_address():
    longest = Label("a" * 13, "x" * (labels.MOST_CHARACTERS - 14))
    local = labels.envelope_sender(f"{'y' * 19}@example.com", longest).rpartition("@")[0]

    assert len(local) == 64


@pytest.mark.parametrize(
    "label",
    [
        Label("identity", "otp@1"),
        Label("identity", "otp+1"),
        Label("identity", ""),
        Label("", "otp_1"),
        Label("Identity", "otp_1"),
        Label("identity", "x\r\nBcc: eve@example.com"),
        Label("identity", "x" * 36),
    ],
)
def test_what_could_not_be_read_again_is_no_label(label: Label):
    with pytest.raises(ValueError, match="is no label"):
        labels.envelope_sender("no-reply@example.com", label)


@pytest.mark.parametrize(
    "address",
    [
        "no-reply@example.com",
        "identity.otp_1@example.com",
        "no-reply+news@example.com",
        "no-reply+identity.@example.com",
        "no-reply+identity.otp_1",
        "",
    ],
)
def test_an_address_without_a_label_has_none(address: str):
    assert labels.read(address) is None
