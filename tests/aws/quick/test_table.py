"""That the quick table answers as moto does, whatever is asked of it in whatever order."""

import random
from collections.abc import Callable

import pytest

from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.table import Page
from shared.storage.writes import (
    ABSENT,
    ABSENT_OR_TOLD,
    PRESENT,
    Add,
    Check,
    Condition,
    Delete,
    Put,
    Write,
    absent_or_before,
    absent_or_expired,
    absent_or_of,
    unchanged,
)
from tests.aws.quick.table import QuickTable
from tests.soaking import histories, soaks

HISTORIES = histories(4, soaking=200)
CALLS = 150
THERE = Condition("attribute_exists(#pk) AND attribute_not_exists(#m)", {"#pk": "PK", "#m": "merged_into"}, {})
NOT_TODAY = Condition("NOT (#n = :n OR begins_with(#of, :b))", {"#n": "n", "#of": "name"}, {":n": 1, ":b": "b"})
LEFT = Condition("attribute_not_exists(#pk) OR NOT contains(#in, :b)", {"#pk": "PK", "#in": "people"}, {":b": "b"})
NEXT = {"#next": "n"}


class Asking:
    """Asks whatever the table may be asked, of few keys, so that conditions hold and fail."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.pages: list[tuple[dict[str, object], str]] = []
        self.made = 0

    def asks(self) -> None:
        what: list[Callable[[], object]] = [self.transacts, self.updates, self.reads, self.reads_many, self.lists]
        what += [self.goes_on, self.looks_between, self.puts, self.deletes, self.transacts, self.updates]
        try:
            self.luck.choice(what)()
        except (table.ConditionFailed, table.UpdateRefused):
            return

    def key(self) -> Key:
        return Key(
            self.luck.choice(("A", "B")), f"{self.luck.choice(('ROW#', 'ROW#ü', 'LINE#'))}{self.luck.randint(0, 3)}"
        )

    def item(self) -> Item:
        """Return an item with some of what items have; a number is part of it, so that additions can be made."""
        self.made += 1
        key, chance = self.key(), self.luck.random
        item: Item = {"PK": key.pk, "SK": key.sk, "n": self.luck.randint(0, 3), "made": self.made}
        item |= {"version": self.luck.randint(1, 2)} if chance() < 0.8 else {}
        item |= {"GSI1PK": self.luck.choice("XY"), "GSI1SK": f"AT#{self.luck.randint(0, 3)}"} if chance() < 0.6 else {}
        item |= {"name": self.luck.choice(("a", "b", "bü", ""))} if chance() < 0.6 else {}
        item |= {"merged_into": None} if chance() < 0.2 else {}
        item |= {"people": self.luck.sample(("a", "b", 1), 2)} if chance() < 0.4 else {}
        item |= {"ttl": self.luck.randint(1, 3)} if chance() < 0.5 else {}
        return item | ({"deep": {"list": [1, "two", None, True, {}]}} if chance() < 0.3 else {})

    def condition(self) -> Condition:
        number, name = self.luck.randint(1, 3), self.luck.choice(("a", "b"))
        some = [ABSENT, ABSENT_OR_TOLD, PRESENT, THERE, NOT_TODAY, LEFT, unchanged(number), absent_or_expired(number)]
        return self.luck.choice([*some, absent_or_of("name", name), absent_or_before("name", name)])

    def write(self) -> Write:
        condition = self.condition() if self.luck.random() < 0.5 else None
        kind = self.luck.randint(0, 5)
        if kind == 0:
            return Delete(self.key(), condition)
        if kind == 1:
            return Check(self.key(), self.condition())
        if kind == 2:
            return Add(self.key(), {"n": self.luck.randint(-2, 2), "m": 1})
        return Put(self.item(), condition)

    def transacts(self) -> None:
        writes = [self.write() for _ in range(self.luck.randint(1, 4))]
        places = {each.key if not isinstance(each, Put) else Key(each.item["PK"], each.item["SK"]) for each in writes}
        if len(places) == len(writes):
            table.transact(writes)

    def updates(self) -> None:
        names, how = {"#of": "name", "#n": "n", "#m": "merged_into"}, self.luck.randint(0, 2)
        values: Item = {":one": self.luck.randint(1, 9), ":of": "b"}
        told = (
            "SET #n = :one, #of = :of REMOVE #m",
            "SET #of = :of, #n = #n + :one REMOVE #m",
            "ADD #n :one SET #of = :of, #m = :of",
        )
        condition = PRESENT if how == 1 else self.condition()
        table.update(self.key(), told[how], names=names, values=values, condition=condition)

    def reads(self) -> None:
        table.get(self.key(), consistent=self.luck.random() < 0.5)

    def reads_many(self) -> None:
        table.get_many([self.key() for _ in range(self.luck.randint(1, 5))])

    def lists(self) -> None:
        is_index = self.luck.random() < 0.5
        asked = {
            "partition": self.luck.choice("XY" if is_index else "AB"),
            "prefix": self.luck.choice(("AT#", "AT#1") if is_index else ("ROW#", "LINE#", "ROW#ü")),
            "limit": self.luck.randint(1, 4),
            "index": is_index,
            "newest_first": self.luck.random() < 0.5,
        }
        self._keep(asked, table.query(**asked))  # type: ignore[arg-type]

    def goes_on(self) -> None:
        if self.pages:
            asked, cursor = self.luck.choice(self.pages)
            self._keep(asked, table.query(**asked, cursor=cursor))  # type: ignore[arg-type]

    def looks_between(self) -> None:
        where = self.luck.choice((None, Condition("#next >= :least", NEXT, {":least": self.luck.randint(0, 3)})))
        table.between(
            self.luck.choice("AB"),
            self.luck.choice(("LINE#", "LINE#2", "ROW#1")),
            self.luck.choice(("LINE#3", "ROW#2", "ROW#~")),
            limit=self.luck.randint(1, 5),
            newest_first=self.luck.random() < 0.5,
            where=where,
            only=self.luck.choice(((), ("n", "name"))),
        )

    def puts(self) -> None:
        made = {(item["PK"], item["SK"]): item for item in (self.item() for _ in range(3))}
        table.put_many([*made.values()])

    def deletes(self) -> None:
        table.delete_many([self.key()])

    def _keep(self, asked: dict[str, object], page: Page) -> None:
        if page.next_cursor is not None:
            self.pages.append((asked, page.next_cursor))


@soaks
@pytest.mark.parametrize("seed", range(HISTORIES))
def test_the_quick_table_answers_as_moto_does(seed: int, aws: None) -> None:
    quick, asking = QuickTable(), Asking(seed)
    quick.shadow()
    for _ in range(CALLS):
        asking.asks()

    assert len(quick.items) > 0
    assert asking.pages
