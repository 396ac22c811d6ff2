"""What marketing mail needs before a campaign may start."""

import pytest

from functions.audience.respect import permission


def test_marketing_mail_needs_a_postal_address_and_a_way_out():
    refusals = permission.start_refusals(channel="email", purpose="marketing", variables=("name",), postal_address=None)

    assert [each["field"] for each in refusals] == ["postal_address", "message_template"]


def test_with_both_it_may_start():
    variables = {"name", "unsubscribe_url"}

    assert not permission.start_refusals(
        channel="email", purpose="marketing", variables=variables, postal_address="12 St James's Square, London"
    )


@pytest.mark.parametrize(("channel", "purpose"), [("email", "transactional"), ("sms", "marketing")])
def test_other_messages_need_neither(channel: str, purpose: str):
    assert not permission.start_refusals(
        channel=channel,
        purpose=purpose,  # type: ignore[arg-type]
        variables=(),
        postal_address=None,
    )
