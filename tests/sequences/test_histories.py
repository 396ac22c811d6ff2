"""Random histories of a sequence: what is true of it behind each, and what a plain model makes of the same steps."""

import random
from dataclasses import dataclass, field
from functools import partial

import pytest

from functions.sequences import creation, elements
from functions.sequences.creation import ElementDeleted, ElementExists, New
from functions.sequences.elements import ElementNotFound
from functions.sequences.order import compactions, permutation, reorders
from functions.sequences.sequences import Place
from functions.sequences.versions import versions
from functions.sequences.versions.versions import Draft
from shared.callers.caller import Caller
from shared.storage import table
from tests.aws.quick.table import clear
from tests.soaking import histories, soaks

NAMES = [f"e{number}" for number in range(8)]
STEPS = 14


@dataclass
class History:
    """A sequence, and beside it the numbers and versions of a plain model: of each element that is there, in order."""

    seed: int
    at: Place
    caller: Caller
    plain: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    last: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - which history it is

    def step(self) -> None:
        steps = [self.create, self.create, self.create_all, self.version, self.reorder, self.delete, self.compact]
        self.random.choice(steps)()

    def create(self) -> None:
        self.last += 1
        name = self.random.choice(NAMES)
        create = partial(creation.create, self.caller, self.at, New(name, Draft()))
        if name in self.plain:
            with pytest.raises(ElementExists) as refused:
                create()
            assert refused.value.sequence_number == self.plain[name]
        elif name in self.deleted:
            with pytest.raises(ElementDeleted):
                create()
        else:
            assert create()["sequence_number"] == self.last
            self.plain[name], self.versions[name] = self.last, 1

    def create_all(self) -> None:
        names = self.random.sample(NAMES, 3)
        new = [New(each, Draft()) for each in names]
        results = creation.create_all(self.caller, self.at, new, claims=iter(lambda: None, 0))
        for each, result in zip(names, results, strict=True):
            self.last += 1
            expected = "exists" if each in self.plain else "deleted" if each in self.deleted else "created"
            assert result["status"] == expected
            if expected == "created":
                self.plain[each], self.versions[each] = self.last, 1
                assert result["sequence_number"] == self.last

    def version(self) -> None:
        name = self.random.choice(NAMES)
        if self.is_done(name, partial(versions.add, self.caller, self.at, name, Draft())):
            self.versions[name] += 1

    def delete(self) -> None:
        name = self.random.choice(NAMES)
        if self.is_done(name, partial(elements.delete, self.at, name, if_match=None)):
            del self.plain[name], self.versions[name]
            self.deleted.add(name)

    def reorder(self) -> None:
        if not self.plain:
            return
        names = self.random.sample([*self.plain], self.random.randint(1, len(self.plain)))
        order = self.random.sample(names, len(names))
        wanted = partial(permutation.in_order, new_order=order)
        reorders.reorder(self.at, names, wanted, field="new_order")
        self.plain |= dict(zip(order, sorted(self.plain[each] for each in names), strict=True))

    def compact(self) -> None:
        compactions.compact(self.caller, self.at, scope="sequences:write")
        order = sorted(self.plain, key=self.plain.__getitem__)
        self.plain = {each: number for number, each in enumerate(order, start=1)}

    def is_done(self, name: str, call: "partial[object]") -> bool:
        """Make a change of an element; it must be refused if there is none."""
        if name not in self.plain:
            with pytest.raises(ElementNotFound):
                call()
            return False
        call()
        return True

    def hold(self) -> None:
        """Fail unless the sequence is what the model says: numbers unique, the order a permutation, versions whole."""
        items = table.query_all(elements.listed_in(self.at), "0", index=True)
        standing = [elements.from_item(item) for item in items]
        assert {each.element_id: each.sequence_number for each in standing} == self.plain
        numbers = [each.sequence_number for each in standing]
        assert numbers == sorted(set(numbers))
        for each in standing:
            listed, _ = versions.page(self.at, each.element_id, limit=100, cursor=None)
            found = [version["version_number"] for version in listed]
            assert found == [*range(self.versions[each.element_id], 0, -1)]


@soaks
def test_after_every_history_numbers_are_unique_the_order_is_a_permutation_and_no_version_is_missing(
    aws: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("functions.sequences.sequences.SETTLED_SECONDS", 0)
    caller = Caller("user_a", "tenant_a", (), frozenset(), None, (), None)
    for seed in range(histories(40, soaking=2000)):
        history = History(seed, Place("tenant_a", f"history-{seed}", "script"), caller)
        for _ in range(STEPS):
            history.step()
        history.hold()
        clear()
