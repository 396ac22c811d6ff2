"""When milestones can and must be worked on."""

from hypothesis import given
from hypothesis import strategies as st

from functions.projects.dependencies.dependencies import Dependency, Type
from functions.projects.planning import schedule
from functions.projects.planning.schedule import Slot, Work
from tests.projects.planning.plan import id_of, waits
from tests.projects.team import Person

TYPES: tuple[Type, ...] = (
    "finish_to_start",
    "payment_to_start",
    "start_to_start",
    "finish_to_finish",
    "start_to_finish",
)


def holds(edge: Dependency, before: Slot, after: Slot, *, latest: bool) -> bool:
    """Return whether a dependency holds between two slots."""
    (s1, e1), (s2, e2) = (
        (slot.latest_start, slot.latest_end) if latest else (slot.earliest_start, slot.earliest_end)
        for slot in (before, after)
    )
    since = s1 if edge.type in ("start_to_start", "start_to_finish") else e1
    until = e2 if edge.type in ("finish_to_finish", "start_to_finish") else s2
    return until >= since + edge.lag_days


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Work]:
    works: dict[str, Work] = {}
    for number in range(draw(st.integers(1, 8))):
        froms = draw(st.lists(st.sampled_from([*works]), unique=True)) if works else []
        needs = [Dependency(each, draw(st.sampled_from(TYPES)), draw(st.integers(-4, 4))) for each in froms]
        works[str(number)] = Work(draw(st.integers(1, 5)), draw(st.none() | st.integers(0, 9)), needs)
    return works


@given(plans())
def test_both_ends_of_each_slot_keep_all_dependencies_and_nothing_can_begin_earlier(works: dict[str, Work]):
    slots = schedule.of(works, 0)
    end = max(slot.earliest_end for slot in slots.values())

    for each, work in works.items():
        slot = slots[each]
        earlier = Slot(slot.earliest_start - 1, slot.earliest_end - 1, 0, 0)
        edges = [(edge, slots[edge.from_id]) for edge in work.needs]

        assert all(holds(edge, before, slot, latest=latest) for edge, before in edges for latest in (False, True))
        assert slot.slack >= 0
        assert slot.latest_end <= end
        assert slot.earliest_start == max(0, work.not_before or 0) or not all(
            holds(edge, before, earlier, latest=False) for edge, before in edges
        )
    assert any(slot.slack == 0 for slot in slots.values())


def test_the_critical_path_of_a_project_is_in_its_working_days(ada: Person):
    project = ada.creates(holidays=["2027-03-03"])
    mill, store, proof = (
        ada.plans(project, title=title, start_on=first, due_on=last)
        for title, first, last in [
            ("Mill", "2027-03-01", "2027-03-04"),
            ("Store", "2027-03-01", "2027-03-01"),
            ("Proof", "2027-03-02", "2027-03-02"),
        ]
    )
    gone = ada.plans(project)
    ada.post(f"{gone}/cancel", {"reason": "Not needed."})
    waits(ada, proof, mill, lag_days=1)
    waits(ada, proof, store, type="start_to_start")

    found = ada.get(f"{project}/critical-path").body
    shown = {each["title"]: each for each in found["milestones"]}

    assert (found["starts_on"], found["ends_on"]) == ("2027-03-01", "2027-03-08")
    assert found["critical"] == [id_of(mill), id_of(proof)]
    assert shown["Mill"]["working_days"] == 3
    assert (shown["Proof"]["earliest_start_on"], shown["Proof"]["slack_days"]) == ("2027-03-08", 0)
    assert (shown["Store"]["latest_start_on"], shown["Store"]["slack_days"]) == ("2027-03-08", 4)
    assert ada.ask("projectCriticalPath", projectId=project[10:]).data["critical"] == found["critical"]


def test_the_graph_of_a_project_has_its_milestones_and_dependencies(ada: Person, eve: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    waits(ada, then, first, is_optional=True)

    found = ada.get(f"{project}/graph").body

    assert [each["project_milestone_id"] for each in found["milestones"]] == sorted([id_of(first), id_of(then)])
    assert [(each["from_id"], each["to_id"]) for each in found["dependencies"]] == [(id_of(first), id_of(then))]
    assert "amount_minor_units" not in found["milestones"][0]
    assert eve.get(f"{project}/graph").status == eve.get(f"{project}/critical-path").status == 404


def test_a_project_without_milestones_has_no_days(ada: Person, project: str):
    assert ada.get(f"{project}/critical-path").body == {
        "starts_on": None,
        "ends_on": None,
        "critical": [],
        "milestones": [],
    }
