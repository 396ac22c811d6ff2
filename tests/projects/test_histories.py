"""Random histories of a project: its totals are a recount of its milestones, whatever was asked of it."""

import contextlib
import random
from collections import Counter
from typing import Any

import pytest

from functions.projects import lifecycle as projects
from functions.projects import reading, totals
from functions.projects.milestones import commands, counting, entries, gates, guards, lifecycle, transition
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.ownership import owning
from shared import ids
from shared.callers.caller import Caller
from shared.errors import Refusal
from shared.storage import table
from tests.soaking import histories, soaks

STEPS = 25


class History:
    """A project, two people who lead it, and what they do at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which history it is
        tenant_id, scopes = ids.new("tenant"), frozenset({"projects:admin"})
        self.people = [Caller(ids.new("user"), tenant_id, (), scopes, None, (), None) for _ in range(2)]
        self.ada = self.people[0]
        self.project_id = projects.create(self.ada, {"name": "Engine", "currency": "EUR"})["project_id"]
        self.milestones: list[str] = []

    def step(self) -> None:
        """Do one thing; a refusal changes nothing."""
        if not self.milestones or self.random.random() < 0.15:
            self.plan()
            return
        milestone_id = self.random.choice(self.milestones)
        does = [self.move, self.move, self.move, self.progress, self.change, self.own, self.delete, self.close]
        with contextlib.suppress(Refusal):
            self.random.choice(does)(milestone_id)

    def plan(self) -> None:
        fields = {
            "title": "Mill",
            "kind": "custom",
            "weight": self.random.randint(1, 9),
            "acceptance": self.random.choice(["none", "manager"]),
            "amount_minor_units": self.random.choice([None, 500]),
        }
        try:
            made = lifecycle.create(self.ada, self.project_id, fields)
        except projects.ProjectStatusNotPossible:
            projects.command(self.ada, self.project_id, "reopen", if_match=None)
            return
        self.milestones.append(made["project_milestone_id"])

    def move(self, milestone_id: str) -> None:
        event = self.random.choice([*guards.GUARDS])
        commands.advance(self.random.choice(self.people), milestone_id, event, if_match=None, reason="So it is.")

    def progress(self, milestone_id: str) -> None:
        commands.set_progress(self.ada, milestone_id, self.random.choice([20, 60, 99, 100]), if_match=None)

    def change(self, milestone_id: str) -> None:
        field = self.random.choice(["weight", "amount_minor_units"])
        lifecycle.change(self.ada, milestone_id, {field: self.random.randint(1, 9)}, if_match=None)

    def own(self, milestone_id: str) -> None:
        owning.assign(self.ada, milestone_id, self.ada.user_id, "primary", 10)

    def delete(self, milestone_id: str) -> None:
        lifecycle.delete(self.ada, milestone_id, if_match=None)
        self.milestones.remove(milestone_id)

    def close(self, _: str) -> None:
        projects.command(self.ada, self.project_id, "complete", if_match=None)

    def stored(self) -> list[ProjectMilestone]:
        found, further = entries.of_project(self.ada.tenant_id, self.project_id, limit=100, cursor=None)
        assert further is None
        return found


def counted(found: list[ProjectMilestone]) -> dict[str, int]:
    """Return what the totals must be, by counting."""
    recount: Counter[str] = Counter()
    for each in found:
        recount.update(counting.of(each))
    return {name: count for name, count in recount.items() if count}


@soaks
@pytest.mark.parametrize("seed", range(histories(40, soaking=2000)))
def test_after_every_history_the_totals_are_a_recount_and_entry_and_gate_are_the_milestone(seed: int, aws: None):
    history = History(seed)
    for _ in range(STEPS):
        history.step()
    found = history.stored()
    item: dict[str, Any] = table.get(totals.key(history.ada.tenant_id, history.project_id), consistent=True) or {}

    kept = {name: value for name, value in item.items() if value and name not in {"PK", "SK", "members"}}
    assert kept == counted(found)
    assert {each.project_milestone_id for each in found} == {*history.milestones}
    for each in found:
        entry, gate = table.get_many([entries.key(each), gates.key(each)], consistent=True)
        assert entry == entries.to_item(each)
        assert gate == gates.written(each).item
    if reading.project(history.ada, history.project_id)["status"] == "completed":
        assert {each.status for each in found} <= transition.FINAL
