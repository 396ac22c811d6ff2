"""An entry of a calendar is revised when what it shows has changed, and by no other edit."""

import random
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest

from functions.goals.schedules import schedules
from shared import clock
from shared.storage import table
from tests.aws import scheduler
from tests.goals.conftest import Travel
from tests.goals.links.looking import makes_link, read
from tests.goals.people import MARATHON, Person

DUE = ["2026-03-20T00:00:00Z", "2026-03-20T18:00:00Z"]

pytestmark = pytest.mark.usefixtures("travel")


class Shown(NamedTuple):
    """What an entry shows, and its revision."""

    content: tuple[str, Any, str]
    revised_at: datetime
    sequence: int


def shown(link: dict) -> dict[str, Shown]:
    """Return the entries of a link's calendar by their UIDs."""
    found = {}
    for each in read(link).walk("VEVENT"):
        assert each["LAST-MODIFIED"].dt == each["DTSTAMP"].dt
        content = (str(each["SUMMARY"]), each["DTSTART"].dt, str(each["STATUS"]))
        found[str(each["UID"])] = Shown(content, each["LAST-MODIFIED"].dt, int(each["SEQUENCE"]))
    return found


def revised(before: dict[str, Shown], after: dict[str, Shown]) -> set[str]:
    """Return what the entries say now that have another revision than before."""
    changed = {uid for uid in before.keys() & after.keys() if before[uid][1:] != after[uid][1:]}
    return {after[uid].content[0].partition(": ")[2] for uid in changed}


@pytest.fixture
def link(ada: Person, travel: Travel) -> dict:
    """A link to a marathon with a deadline, two due tasks, a reached quarter and a predicted half."""
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    for title in ("Shoes", "Run"):
        ada.adds_task(goal_id, title=title, due_at="2026-01-20T18:00:00Z")
    ada.completes(ada.adds_task(goal_id, title="Plan"))
    made = makes_link(ada, goal_id=goal_id)
    travel("2026-01-03T12:00:00Z")
    return made


@pytest.mark.parametrize(
    ("sent", "moved"),
    [
        ({"description": "In autumn."}, set()),
        ({"category": "health", "tags": ["running"], "answers": {"firstStep": "Buy shoes."}}, set()),
        ({"weights": {"task": 70, "time": 30}}, set()),
        ({"title": "Run two marathons"}, {"deadline", "Shoes", "Run", "First Quarter", "Halfway Point (predicted)"}),
        ({"deadline": "2026-02-08"}, {"deadline", "Halfway Point (predicted)"}),
        ({"time_zone": "Pacific/Kiritimati"}, {"First Quarter", "Shoes", "Run"}),
    ],
)
def test_an_edit_of_the_goal_revises_the_entries_that_show_it(sent: dict, moved: set, link: dict, ada: Person):
    before = shown(link)
    ada.patch(f"/goals/{link['goal_id']}", sent)
    after = shown(link)

    assert revised(before, after) == moved
    assert {each.content[0].partition(": ")[2] for each in after.values()} >= {"deadline", "Shoes", "Run"}


def test_an_edit_of_a_task_revises_its_own_entry(link: dict, ada: Person):
    tasks = {each["title"]: each for each in ada.get(f"/goals/{link['goal_id']}/tasks").body["items"]}
    before = shown(link)
    path = f"/goals/{link['goal_id']}/tasks/{tasks['Run']['task_id']}"
    ada.patch(path, {"tags": ["long"]})
    tagged = shown(link)
    ada.patch(path, {"due_at": "2026-01-21T18:00:00Z"})

    assert revised(before, tagged) == set()
    assert revised(tagged, shown(link)) == {"Run"}


def test_a_task_that_is_completed_revises_the_milestones_whose_day_it_changes(link: dict, ada: Person):
    tasks = {each["title"]: each for each in ada.get(f"/goals/{link['goal_id']}/tasks").body["items"]}
    before = shown(link)
    ada.completes(tasks["Run"])
    after = shown(link)

    assert revised(before, after) == {"Halfway Point (predicted)"}
    (half,) = [each for each in after.values() if "Halfway Point" in each.content[0]]
    assert (half.content[1], half.revised_at) == (date(2026, 1, 4), datetime(2026, 1, 3, 12, tzinfo=UTC))


def test_a_milestone_that_time_reaches_is_revised_then_whoever_looks(
    ada: Person, travel: Travel, aws: None, monkeypatch: pytest.MonkeyPatch
):
    scheduler.make_surroundings(monkeypatch)
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    link = makes_link(ada, goal_id=goal_id)
    before = shown(link)
    travel("2026-01-28T00:00:00Z")
    passed = shown(link)
    schedules.look(ada.user_id, goal_id)
    looked = shown(link)

    (quarter,) = [each for each in passed.values() if "First Quarter" in each.content[0]]
    assert quarter.content == ("Run a marathon: First Quarter", date(2026, 1, 26), "CONFIRMED")
    assert quarter.revised_at == datetime(2026, 1, 26, tzinfo=UTC)
    assert revised(before, passed) == {"First Quarter"}
    assert looked == passed


def test_what_was_stored_without_revisions_is_revised_by_its_last_change_and_goes_on_from_there(
    link: dict, ada: Person, travel: Travel
):
    stored = [item for prefix in ("GOAL#", "DUE#") for item in table.query_all(f"USER#{ada.user_id}", prefix)]
    for item in stored:
        table.put_many([{name: value for name, value in item.items() if name not in {"revised", "revised_at"}}])
    before = shown(link)
    ada.patch(f"/goals/{link['goal_id']}", {"description": "In autumn."})
    travel("2026-01-03T13:00:00Z")
    ada.patch(f"/goals/{link['goal_id']}", {"deadline": "2026-02-08"})

    # The entries of tasks follow every change of the goal until the migration has given them an instant of their own.
    assert revised(before, shown(link)) == {"deadline", "Halfway Point (predicted)", "Shoes", "Run"}


@pytest.mark.parametrize("seed", range(8))
def test_an_entry_is_revised_if_and_only_if_what_it_shows_has_changed(seed: int, ada: Person, travel: Travel):
    luck = random.Random(seed)  # noqa: S311 - a history, not a secret
    goal_id = ada.sets_goal(**MARATHON | {"deadline": "2026-03-30"})["goal_id"]
    link, now = makes_link(ada, goal_id=goal_id), clock.now()
    before = shown(link)
    for step in range(14):
        now += luck.choice([3_600_000, clock.DAY, 9 * clock.DAY])
        travel(clock.to_rfc3339(now))
        zone = ada.get(f"/goals/{goal_id}").body["time_zone"]
        happens(luck, ada, goal_id, str(step))
        after, is_new_zone = shown(link), ada.get(f"/goals/{goal_id}").body["time_zone"] != zone
        for uid in before.keys() & after.keys():
            old, new = before[uid], after[uid]
            if old.content != new.content:
                assert new.revised_at > old.revised_at, (old, new)
                assert new.sequence > old.sequence, (old, new)
            elif not is_new_zone:
                assert new == old
        before = after


def happens(luck: random.Random, ada: Person, goal_id: str, what: str) -> None:
    """Let somebody do something with the goal or one of its tasks, or nobody anything."""
    goal, tasks = f"/goals/{goal_id}", ada.get(f"/goals/{goal_id}/tasks").body["items"]
    kind = luck.choice(["nothing", "add", "add", "complete", "rename", "edit", "edit", "edit", "pause", "resume"])
    if kind == "add":
        ada.post(f"{goal}/tasks", {"title": what, "due_at": luck.choice(DUE)})
    elif kind == "edit":
        ada.patch(goal, luck.choice(edits(what)))
    elif kind in {"pause", "resume"}:
        ada.post(f"{goal}/{kind}")
    elif tasks and kind == "complete":
        ada.completes(luck.choice(tasks))
    elif tasks and kind == "rename":
        ada.patch(f"{goal}/tasks/{luck.choice(tasks)['task_id']}", {"title": what, "weight": luck.randint(1, 9)})


def edits(what: str) -> list[dict[str, Any]]:
    """Return edits of a goal of which each changes other entries."""
    zones = [{"time_zone": zone} for zone in ("UTC", "Pacific/Kiritimati", "America/St_Johns")]
    deadlines = [{"deadline": f"2026-0{month}-30"} for month in (4, 6, 9)]
    return [{"description": what}, {"title": f"Goal {what}"}, *zones, *deadlines]
