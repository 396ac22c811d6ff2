"""A token is good for what it was made for, and nobody makes or changes one."""

import base64

import pytest

from functions.audience.settings import settings
from functions.audience.tracking import tokens
from functions.audience.tracking.tokens import Token, TrackingNotFound
from shared import ids
from tests.audience.people import Person
from tests.audience.tracking.reading import written


@pytest.fixture
def token(ada: Person) -> Token:
    lead_id = str(ada.creates(emails=["grace@example.org"])["lead_id"])
    return Token("click", ada.tenant_id, ids.new("campaign"), lead_id, 499)


def test_a_token_says_whose_message_and_which_link(token: Token):
    text = written(token, index=499)

    assert tokens.read(text, "click") == token
    assert len(text) <= 100
    assert "grace" not in base64.urlsafe_b64decode(text + "==").decode(errors="replace")


def test_a_token_of_a_picture_is_none_of_a_link(token: Token):
    with pytest.raises(TrackingNotFound):
        tokens.read(written(token, kind="open"), "click")


def test_no_bit_of_a_token_can_be_changed(token: Token):
    content = base64.urlsafe_b64decode(written(token) + "==")
    for bit in range(8 * len(content)):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(TrackingNotFound):
            tokens.read(base64.urlsafe_b64encode(changed).decode().rstrip("="), "click")


@pytest.mark.parametrize("text", ["", "x", "é", "=" * 10, "A" * 89, "A" * 500, "unsubscribe", "\x00"])
def test_any_other_text_is_no_token(ada: Person, text: str):
    settings.of(ada.tenant_id)
    with pytest.raises(TrackingNotFound):
        tokens.read(text, "click")
