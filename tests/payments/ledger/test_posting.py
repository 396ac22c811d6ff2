"""Entries are posted once, closed once, and leave a ledger balanced."""

from collections import Counter

import pytest

from functions.payments.ledger import accounts, entries, posting
from functions.payments.ledger.entries import Entry, JournalEntryNotFound, Line
from functions.payments.ledger.posting import (
    EntryClosed,
    EntryNotPending,
    EntryNotPosted,
    EntryPosted,
    InsufficientFunds,
)
from functions.payments.money.amounts import LARGEST, AmountTooLarge
from shared import clock, ids
from shared.storage import table
from shared.storage.writes import Add, Put
from tests.aws.races import at_once
from tests.aws.stored_items import write_units
from tests.payments.ledger.keeping import EXAMPLE, PROJECT, Ledger, write
from tests.platform.held import stored


@pytest.fixture
def ledger(aws: None) -> Ledger:
    return Ledger(ids.new("tenant"))


def available(ledger: Ledger) -> int:
    code = accounts.of_project("escrow", PROJECT)
    item = table.get(accounts.key(ledger.tenant_id, ledger.currency, code), consistent=True)
    assert item is not None
    return int(item["available"])


def test_an_invoice_that_is_issued_is_owed_and_earned(ledger: Ledger):
    ledger.post("invoice_issued", "inv_1#issued", **EXAMPLE)

    assert ledger.balances() == EXAMPLE
    assert ledger.shown()["is_balanced"]


def test_an_entry_is_found_by_its_reference(ledger: Ledger):
    posted = ledger.post("invoice_issued", "inv_1#issued", **EXAMPLE)

    assert ledger.find("inv_1#issued") == posted


def test_there_is_no_entry_of_another_reference(ledger: Ledger):
    with pytest.raises(JournalEntryNotFound):
        ledger.find("inv_1#issued")


def test_a_reference_is_posted_once(ledger: Ledger):
    ledger.moves("payment_recorded", "inv_1#paid", 500)

    with pytest.raises(EntryPosted):
        ledger.moves("payment_recorded", "inv_1#paid", 700)
    assert ledger.balances() == {"clearing": 500, "receivable": -500}


def test_what_is_pending_is_in_no_balance_until_it_is_settled(ledger: Ledger):
    claimed = ledger.moves("payment_released", "pay_1#claimed", 500, "pending")
    before = ledger.balances()
    pending = ledger.pending()

    ledger.settle(claimed)

    assert (before, pending) == ({"clearing": 0, "receivable": 0}, (500, 500))
    assert (ledger.balances(), ledger.pending()) == ({"clearing": 500, "receivable": -500}, (0, 0))


def test_what_is_voided_was_never_there(ledger: Ledger):
    ledger.void(ledger.moves("payment_released", "pay_1#claimed", 500, "pending"))

    assert (ledger.balances(), ledger.pending()) == ({"clearing": 0, "receivable": 0}, (0, 0))


def test_what_is_pending_ends_once(ledger: Ledger):
    claimed = ledger.moves("payment_released", "pay_1#claimed", 500, "pending")
    ledger.settle(claimed)

    with pytest.raises(EntryClosed):
        ledger.void(claimed)
    assert ledger.balances() == {"clearing": 500, "receivable": -500}


def test_only_what_is_pending_is_settled_or_voided(ledger: Ledger):
    posted = ledger.moves("payment_recorded", "inv_1#paid", 500)

    with pytest.raises(EntryNotPending):
        ledger.settle(posted)
    with pytest.raises(EntryNotPending):
        ledger.void(posted)


def test_what_is_not_in_the_ledger_is_not_settled(ledger: Ledger):
    claimed = ledger.entry("payment_released", "pay_1#claimed", "pending", clearing=5, receivable=5)

    with pytest.raises(JournalEntryNotFound):
        ledger.settle(claimed)
    assert ledger.balances() == {}


def test_a_reversal_undoes_an_entry_and_both_stay_in_the_journal(ledger: Ledger):
    posted = ledger.post("invoice_issued", "inv_1#issued", **EXAMPLE)

    undone = ledger.reverse(posted)

    assert set(ledger.balances().values()) == {0}
    assert ledger.find("inv_1#issued") == posted
    assert (ledger.find(undone.reference).closes, undone.reference) == ("inv_1#issued", "inv_1#issued#reversed")


def test_two_reversals_at_once_give_one(ledger: Ledger):
    posted = ledger.moves("payment_recorded", "inv_1#paid", 500)

    answers = at_once(*[lambda: ledger.reverse(posted)] * 2)

    assert Counter(type(each) for each in answers) == {Entry: 1, EntryPosted: 1}
    assert set(ledger.balances().values()) == {0}


def test_what_was_settled_is_reversed_like_what_was_posted(ledger: Ledger):
    settled = ledger.settle(ledger.moves("payment_released", "pay_1#claimed", 500, "pending"))

    ledger.reverse(settled)

    assert ledger.balances() == {"clearing": 0, "receivable": 0}


def test_neither_what_is_pending_nor_a_reversal_is_reversed(ledger: Ledger):
    claimed = ledger.moves("payment_released", "pay_1#claimed", 500, "pending")
    undone = ledger.reverse(ledger.moves("payment_recorded", "inv_1#paid", 500))

    for each in (claimed, undone):
        with pytest.raises(EntryNotPosted):
            ledger.reverse(each)


def test_an_account_that_an_entry_names_twice_is_updated_once(ledger: Ledger):
    twice = [Line("clearing", debit=3), Line("clearing", debit=4), Line("receivable", credit=7)]
    entry = ledger.entry("payment_recorded", "inv_1#paid", clearing=7, receivable=7)._replace(lines=twice)
    updated = Counter(each.key for each in posting.writes(entry) if isinstance(each, Add))

    write(entry)

    assert set(updated.values()) == {1}
    assert ledger.balances() == {"clearing": 7, "receivable": -7}


def test_an_entry_of_four_accounts_touches_fourteen_items(ledger: Ledger):
    writes = posting.writes(ledger.entry("invoice_issued", "inv_1#issued", **EXAMPLE))

    assert len(writes) == 2 + 3 * 4
    assert len([each for each in writes if isinstance(each, Put)]) == 2 + 4


def test_an_entry_of_four_accounts_costs_28_write_units_and_a_pending_one_of_two_accounts_8(ledger: Ledger):
    before = stored()
    ledger.post("invoice_issued", "inv_1#issued", **EXAMPLE)
    issued = stored()
    ledger.moves("payment_released", "pay_1#claimed", 500, "pending")

    assert (write_units(before, issued), write_units(issued, stored())) == (28, 8)


def test_what_is_pending_touches_no_statement(ledger: Ledger):
    claimed = ledger.entry("payment_released", "pay_1#claimed", "pending", clearing=5, receivable=5)

    assert len(posting.writes(claimed)) == 2 + 2


def test_an_amount_that_cannot_be_kept_is_refused(ledger: Ledger):
    with pytest.raises(AmountTooLarge):
        ledger.moves("payment_recorded", "inv_1#paid", LARGEST + 1)


def test_deposits_are_released_until_nothing_is_left(ledger: Ledger):
    ledger.moves("deposited", "dep_1#deposited", 1000)
    ledger.moves("escrow_released", "pay_1#settled", 700)

    with pytest.raises(InsufficientFunds):
        ledger.moves("escrow_released", "pay_2#settled", 301)
    ledger.moves("escrow_released", "pay_3#settled", 300)

    assert available(ledger) == ledger.balances()["escrow"] == 0


def test_nothing_is_released_where_nothing_was_deposited(ledger: Ledger):
    with pytest.raises(InsufficientFunds):
        ledger.moves("escrow_released", "pay_1#settled", 1)

    assert ledger.balances() == {}


def test_what_is_on_its_way_out_of_deposits_is_not_there_for_others(ledger: Ledger):
    ledger.moves("deposited", "dep_1#deposited", 1000)
    claimed = ledger.moves("escrow_released", "pay_1#claimed", 700, "pending")
    with pytest.raises(InsufficientFunds):
        ledger.moves("escrow_released", "pay_2#settled", 700)

    ledger.void(claimed)
    ledger.settle(ledger.moves("escrow_released", "pay_3#claimed", 700, "pending"))

    assert (available(ledger), ledger.balances()["escrow"]) == (300, 300)


def test_a_deposit_that_is_on_its_way_in_is_not_released(ledger: Ledger):
    coming = ledger.moves("deposited", "dep_1#announced", 1000, "pending")
    with pytest.raises(InsufficientFunds):
        ledger.moves("escrow_released", "pay_1#settled", 1)

    ledger.settle(coming)

    assert available(ledger) == 1000


def test_a_deposit_that_was_released_is_not_reversed(ledger: Ledger):
    deposited = ledger.moves("deposited", "dep_1#deposited", 1000)
    ledger.moves("escrow_released", "pay_1#settled", 1)

    with pytest.raises(InsufficientFunds):
        ledger.reverse(deposited)


def test_of_twenty_releases_at_once_those_are_made_that_deposits_cover(ledger: Ledger):
    ledger.moves("deposited", "dep_1#deposited", 7 * 100 + 99)

    answers = at_once(
        *[lambda number=number: ledger.moves("escrow_released", f"pay_{number}", 100) for number in range(20)]
    )

    assert Counter(type(each) for each in answers) == {Entry: 7, InsufficientFunds: 13}
    assert available(ledger) == ledger.balances()["escrow"] == 99


def test_the_entries_of_a_month_are_read_back_as_they_were_posted(ledger: Ledger):
    posted = [ledger.moves("payment_recorded", f"inv_{number}#paid", number) for number in (1, 2)]
    month = entries.month_of(clock.to_rfc3339(clock.now()))

    found, further = entries.page(ledger.tenant_id, "EUR", month, limit=5, cursor=None)

    assert (sorted(found, key=lambda each: each.reference), further) == (posted, None)
