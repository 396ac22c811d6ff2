"""Random histories of a ledger, with crashes before and after its writes: balanced, and each fact is in it once."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import pytest

from functions.payments.ledger import accounts, entries, posting, statements
from functions.payments.ledger.accounts import Totals
from functions.payments.ledger.entries import Entry, JournalEntryNotFound
from functions.payments.ledger.posting import EntryClosed, EntryPosted, InsufficientFunds
from functions.payments.money import splitting
from shared import clock, ids
from shared.aws.client import NoAnswer
from shared.errors import Unavailable
from shared.storage import table
from shared.storage.writes import Add
from tests.aws import hooks
from tests.aws.quick.table import QuickTable
from tests.payments.ledger.keeping import PROJECT, Ledger, write
from tests.soaking import histories, soaks

PARTS: Final = 4
HISTORIES: Final = histories(2000, soaking=20_000)
STEPS: Final = 6
BEFORE: Final = "before-call.dynamodb.TransactWriteItems"
AFTER: Final = "after-call.dynamodb.TransactWriteItems"
ESCROW: Final = accounts.of_project("escrow", PROJECT)


class History:
    """What happens to the ledger of a tenant, and what somebody still has to do because a crash came between."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which history it is
        self.ledger = Ledger(ids.new("tenant"))
        self.posted: list[Entry] = []
        self.pending: list[Entry] = []
        self.refused: set[str] = set()
        self.left: list[Callable[[], None]] = []
        self.crash: str | None = None
        self.made = 0

    def step(self) -> None:
        """Do one thing, which may crash."""
        self.crash = self.random.choice([None, None, "before", "after"])
        does = [self.issue, self.deposit, self.claim, self.claim, self.pay, self.end, self.reverse, self.repeat]
        self.attempt(self.random.choice(does)())

    def attempt(self, work: Callable[[], None] | None) -> None:
        if work is None:
            return
        try:
            work()
        except Unavailable:
            self.left.append(work)

    def sweep(self) -> None:
        """Do what is left, and end all that is pending."""
        self.crash = None
        while self.left:
            self.left.pop()()
        for claimed in self.pending:
            self.write(posting.settling(claimed, reference=f"{claimed.reference}#settled", at=clock.now()))

    def dies_before(self, **_: Any) -> None:
        self.die("before")

    def dies_after(self, **_: Any) -> None:
        self.die("after")

    def die(self, moment: str) -> None:
        if self.crash == moment:
            self.crash = None
            raise NoAnswer("dead")

    def write(self, entry: Entry) -> None:
        """Post an entry; that it is there already is as good, since whoever crashed does not know."""
        try:
            write(entry)
        except InsufficientFunds:
            self.refused.add(entry.reference)
        except (EntryPosted, EntryClosed, JournalEntryNotFound):
            pass

    def fact(self, kind: str, amounts: dict[str, int], status: entries.Status = "posted") -> Callable[[], None]:
        self.made += 1
        entry = self.ledger.entry(kind, f"fact_{self.made}", status, **amounts)
        self.posted.append(entry) if status == "posted" else self.pending.append(entry)
        return lambda: self.write(entry)

    def issue(self) -> Callable[[], None]:
        total, tax = self.random.randint(1, 10**6), self.random.randint(0, 10**5)
        retained, due = splitting.split(total, [1, 9])
        amounts = {"retention_receivable": retained, "receivable": due + tax, "revenue": total, "tax_payable": tax}
        return self.fact("invoice_issued", amounts)

    def deposit(self) -> Callable[[], None]:
        amount = self.random.randint(1, 1000)
        return self.fact("deposited", {"clearing": amount, "escrow": amount})

    def claim(self) -> Callable[[], None]:
        amount = self.random.randint(1, 800)
        return self.fact("escrow_released", {"escrow": amount, "receivable": amount}, "pending")

    def pay(self) -> Callable[[], None]:
        amount = self.random.randint(1, 800)
        return self.fact("escrow_released", {"escrow": amount, "receivable": amount})

    def end(self) -> Callable[[], None] | None:
        """Settle or void something that is pending; who settles does not know that another voids."""
        known = [each for each in self.pending if self.is_there(each)]
        if not known:
            return None
        claimed = self.random.choice(known)
        ending, what = self.random.choice([(posting.settling, "settled"), (posting.voiding, "voided")])
        entry = ending(claimed, reference=f"{claimed.reference}#{what}", at=clock.now())
        return lambda: self.write(entry)

    def reverse(self) -> Callable[[], None] | None:
        known = [each for each in self.posted if self.is_there(each)]
        if not known:
            return None
        entry = posting.reversing(self.random.choice(known), at=clock.now())
        return lambda: self.write(entry)

    def repeat(self) -> Callable[[], None] | None:
        if not self.posted:
            return None
        entry = self.random.choice(self.posted)
        return lambda: self.write(entry)

    def is_there(self, entry: Entry) -> bool:
        return table.get(entries.reference_key(entry.tenant_id, entry.reference), consistent=True) is not None

    def journal(self) -> list[Entry]:
        month = entries.month_of(clock.to_rfc3339(clock.now()))
        partition = entries.journal(self.ledger.tenant_id, self.ledger.currency, month)
        return [entries.from_item(item) for item in table.query_all(partition, entries.PREFIX)]


def recount(journal: list[Entry]) -> dict[str, Counter[str]]:
    """Return what the counters of each account must be, by the entries alone."""
    counted: dict[str, Counter[str]] = {}
    for entry in journal:
        for line in entry.lines:
            own = counted.setdefault(line.account, Counter())
            if entry.status in {"posted", "settled"}:
                own.update({"debits_posted": line.debit, "credits_posted": line.credit})
            if entry.status == "pending":
                own.update({"debits_pending": line.debit, "credits_pending": line.credit})
            if entry.status in {"settled", "voided"}:
                own.subtract({"debits_pending": line.debit, "credits_pending": line.credit})
    return counted


def hold(history: History) -> None:
    """Assert that the ledger is balanced, and that accounts, months and statements say what the journal says."""
    ledger, journal = history.ledger, history.journal()
    assert ledger.shown()["is_balanced"]
    for code, counted in recount(journal).items():
        item: dict[str, Any] = table.get(accounts.key(ledger.tenant_id, "EUR", code), consistent=True) or {}
        assert accounts.totals(item) == Totals(*(counted[name] for name in Totals._fields))
        place = statements.partition(ledger.tenant_id, "EUR", code)
        posted, months = (list(table.query_all(place, prefix)) for prefix in ("POSTING#", "MONTH#"))
        moved = sum(each["debit"] for each in posted), sum(each["credit"] for each in posted)
        assert moved == (counted["debits_posted"], counted["credits_posted"])
        assert moved == (sum(each["debits"] for each in months), sum(each["credits"] for each in months))
        if code == ESCROW:
            assert item["available"] == moved[1] - moved[0] - counted["debits_pending"] >= 0


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_happens_and_wherever_it_crashes_the_ledger_is_balanced(part: int, aws: None):
    quick = QuickTable()
    quick.stand_in()
    for seed in range(part, HISTORIES, PARTS):
        history = History(seed)
        with hooks.registered(BEFORE, history.dies_before), hooks.registered(AFTER, history.dies_after):
            for _ in range(STEPS):
                history.step()
            assert history.ledger.shown()["is_balanced"]
            history.sweep()
        hold(history)
        once = Counter(entry.reference for entry in history.journal())
        facts = {each.reference for each in (*history.posted, *history.pending)}
        assert set(once.values()) <= {1}
        assert facts - once.keys() == facts & history.refused - once.keys()
        assert history.ledger.pending() == (0, 0)
        quick.items.clear()


def test_a_recount_finds_a_ledger_that_somebody_has_changed(aws: None):
    quick = QuickTable()
    quick.stand_in()
    history = History(1)
    history.attempt(history.issue())
    hold(history)
    key = accounts.key(history.ledger.tenant_id, "EUR", "revenue")
    table.transact([Add(key, {"credits_posted": 1})])

    with pytest.raises(AssertionError):
        hold(history)
