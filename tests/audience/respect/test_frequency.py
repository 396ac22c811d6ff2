"""The frequency cap: reserved with a claim, given back when nothing was sent, and one KB for 50 messages."""

import pytest

from functions.audience.activity import contacts
from functions.audience.respect import frequency
from functions.audience.respect.frequency import Cap
from shared import ids
from shared.clock import DAY, SECOND, Instant
from shared.storage import attributes, table
from shared.storage.table import ConditionFailed
from shared.storage.writes import Put

NOW: Instant = 1_795_176_000_000
CAP = Cap(2, days=7)


def send_id(number: int) -> str:
    return f"{number:011d}{'Z' * 22}"


@pytest.fixture
def tenant(aws: None) -> str:
    return ids.new("tenant")


@pytest.fixture
def lead() -> str:
    return ids.new("lead")


def reserve(
    tenant_id: str, lead_id: str, number: int, *, now: Instant = NOW, purpose: str = "marketing", cap: Cap | None = CAP
) -> Put | None:
    """Return the write of a reservation, made."""
    contact = contacts.get(tenant_id, lead_id)
    put = frequency.reserve(contact, send_id(number), purpose, cap, now=now)  # type: ignore[arg-type]
    if put is not None:
        table.transact([put])
    return put


def test_a_message_beyond_the_cap_is_refused_until_the_first_is_older_than_its_days(tenant: str, lead: str):
    assert reserve(tenant, lead, 1)
    assert reserve(tenant, lead, 2, now=NOW + DAY)
    assert reserve(tenant, lead, 3, now=NOW + 7 * DAY - SECOND) is None
    assert reserve(tenant, lead, 3, now=NOW + 7 * DAY)
    assert reserve(tenant, ids.new("lead"), 3)


def test_what_is_no_marketing_passes_and_is_not_counted(tenant: str, lead: str):
    for number in range(5):
        assert reserve(tenant, lead, number, purpose="transactional")

    assert reserve(tenant, lead, 5)
    assert reserve(tenant, lead, 6)
    assert reserve(tenant, lead, 7) is None
    assert reserve(tenant, lead, 7, purpose="transactional")
    assert [each.is_marketing for each in contacts.get(tenant, lead).messages] == [*[False] * 5, True, True, False]


def test_without_a_cap_every_message_is_kept(tenant: str, lead: str):
    for number in range(4):
        assert reserve(tenant, lead, number, cap=None)

    assert len(contacts.get(tenant, lead).messages) == 4


def test_two_that_reserve_at_once_do_not_both_get_the_last_message(tenant: str, lead: str):
    reserve(tenant, lead, 1)
    seen = contacts.get(tenant, lead)
    one, other = (frequency.reserve(seen, send_id(number), "marketing", CAP, now=NOW) for number in (2, 3))
    assert one is not None
    assert other is not None
    table.transact([one])

    with pytest.raises(ConditionFailed):
        table.transact([other])
    assert frequency.reserve(contacts.get(tenant, lead), send_id(3), "marketing", CAP, now=NOW) is None


def test_two_first_messages_at_once_are_one(tenant: str, lead: str):
    nothing = contacts.get(tenant, lead)
    one, other = (frequency.reserve(nothing, send_id(number), "marketing", Cap(1, 7), now=NOW) for number in (1, 2))
    assert one is not None
    assert other is not None
    table.transact([one])

    with pytest.raises(ConditionFailed):
        table.transact([other])


def test_a_message_that_is_reserved_stays_so_and_counts_once(tenant: str, lead: str):
    reserve(tenant, lead, 1)
    reserve(tenant, lead, 2)
    before = contacts.get(tenant, lead)

    assert reserve(tenant, lead, 2)
    assert contacts.get(tenant, lead) == before


def test_a_message_that_was_not_sent_is_given_back_once(tenant: str, lead: str):
    reserve(tenant, lead, 1)
    reserve(tenant, lead, 2)
    for _ in range(2):
        frequency.give_back(tenant, lead, send_id(2))

    assert [each.label for each in contacts.get(tenant, lead).messages] == [send_id(1)[:11]]
    assert reserve(tenant, lead, 3)
    assert reserve(tenant, lead, 4) is None


def test_the_last_50_messages_are_kept_marketing_longest_in_one_kb(tenant: str, lead: str):
    reserve(tenant, lead, 0, cap=None)
    reserve(tenant, lead, 1, cap=None, purpose="transactional")
    for number in range(2, 52):
        reserve(tenant, lead, number, cap=None, now=NOW + number * SECOND)
    found = contacts.get(tenant, lead)
    item = table.get(contacts.key(tenant, lead)) or {}
    _, size = attributes.measured(item)

    assert [each.label for each in found.messages] == [send_id(number)[:11] for number in range(2, 52)]
    assert found.messages[-1].at == NOW + 51 * SECOND
    assert size <= 1024


def test_the_messages_of_several_leads_are_read_at_once(tenant: str, lead: str):
    other = ids.new("lead")
    reserve(tenant, lead, 1)
    found = contacts.several(tenant, [other, lead])

    assert {lead_id: len(each.messages) for lead_id, each in found.items()} == {other: 0, lead: 1}
    assert contacts.several(tenant, []) == {}


def test_a_tenant_decides_the_cap():
    assert frequency.cap_of(None) is None
    assert frequency.cap_of({"messages": 2, "days": 7}) == CAP
