"""Dependencies: added, listed and removed, and never a cycle."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.projects.dependencies import cycle
from shared import ids
from tests.projects.planning.plan import begins, depends, finishes, id_of, waits
from tests.projects.team import Person


def test_a_dependency_is_listed_until_it_is_removed(ada: Person, project: str):
    first, then = ada.plans(project, title="Drawings"), ada.plans(project)
    added = depends(ada, then, first, type="start_to_start", lag_days=2)
    expected = {
        "from_id": id_of(first),
        "to_id": id_of(then),
        "type": "start_to_start",
        "lag_days": 2,
        "is_optional": False,
        "condition": None,
    }
    judged = {"is_open": True, "reason": "not_started", "title": "Drawings", "status": "draft"}

    assert (added.status, added.body) == (201, expected)
    assert ada.get(f"{then}/dependencies").body == {"items": [expected | judged]}
    assert ada.ask("projectMilestoneDependencies", projectMilestoneId=id_of(then)).data[0]["fromId"] == id_of(first)
    assert ada.get(first).body["version"] == 1
    assert ada.get(then).body["version"] == 2

    assert ada.delete(f"{then}/dependencies/{id_of(first)}", if_match='"1"').status == 412
    assert ada.delete(f"{then}/dependencies/{id_of(first)}", if_match='"2"').status == 204
    assert ada.get(f"{then}/dependencies").body == {"items": []}
    assert ada.delete(f"{then}/dependencies/{id_of(first)}").code == "DependencyNotFound"


def test_a_pair_depends_once(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    sent = {"from_id": id_of(first)}
    once = ada.post(f"{then}/dependencies", sent, key="once")

    assert ada.post(f"{then}/dependencies", sent, key="once").body == once.body
    assert depends(ada, then, first, type="start_to_start").code == "DependencyExists"
    assert len(ada.get(f"{then}/dependencies").body["items"]) == 1


def test_a_cycle_is_refused_with_its_path(ada: Person, project: str):
    one, two, three = (ada.plans(project) for _ in range(3))
    waits(ada, two, one, is_optional=True)
    waits(ada, three, two, condition='milestone.priority == "low"')

    refused = depends(ada, one, three)

    assert (refused.status, refused.code) == (422, "DependencyCycle")
    assert refused.body["path"] == [id_of(each) for each in (one, two, three, one)]
    assert depends(ada, one, one).body["path"] == [id_of(one), id_of(one)]
    assert ada.get(f"{one}/dependencies").body["items"] == []


def test_only_milestones_of_the_same_project_are_depended_on(ada: Person, eve: Person, project: str):
    then = ada.plans(project)
    others = [ada.plans(ada.creates()), eve.plans(eve.creates()), f"/x/{ids.new('pms')}", "/x/nothing", "/x/a#b"]

    for other in others:
        refused = depends(ada, then, other)

        assert (refused.status, refused.body["errors"][0]["field"]) == (422, "from_id")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("type", "finish"),
        ("lag_days", 366),
        ("lag_days", -366),
        ("lag_days", 1.5),
        ("is_optional", "yes"),
        ("condition", ""),
        ("condition", "milestone.priority"),
        ("condition", "milestone.amount_minor_units > 1"),
        ("condition", "milestone.progress > "),
        ("condition", "x" * 501),
        ("to_id", "pms"),
    ],
)
def test_what_is_no_dependency_is_refused_by_its_field(field: str, wrong: object, ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)

    refused = depends(ada, then, first, **{field: wrong})

    assert refused.status == 422
    assert refused.body["errors"][0]["field"] == field


def test_a_payment_is_waited_for_where_there_is_an_amount(ada: Person, project: str):
    free, priced, then = ada.plans(project), ada.plans(project, amount_minor_units=500), ada.plans(project)

    assert depends(ada, then, free, type="payment_to_start").code == "AmountMissing"
    assert depends(ada, then, priced, type="payment_to_start").status == 201


def test_a_milestone_has_fifty_dependencies_at_most(ada: Person, project: str):
    then, *others = (ada.plans(project) for _ in range(52))
    for each in others[:50]:
        waits(ada, then, each)

    assert depends(ada, then, others[50]).code == "TooManyPrerequisites"


def test_planners_alone_change_dependencies_and_not_of_what_is_complete(ada: Person, ben: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    ada.brings(project, ben, "verifier", "client")
    assert depends(ben, then, first).code == "RoleRequired"
    finishes(ada, then)

    assert depends(ada, then, first).code == "DependenciesFixed"
    assert ada.get(f"{then}/dependencies").status == 200


def test_a_milestone_is_not_deleted_while_others_depend_on_it(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    waits(ada, then, first, is_optional=True)

    refused = ada.delete(first)

    assert (refused.status, refused.code, refused.body["dependants"]) == (409, "DependantsExist", [id_of(then)])
    assert ada.delete(then).status == 204
    assert ada.delete(first).status == 204


def test_a_milestone_waits_for_its_parts_so_no_part_waits_for_it(ada: Person, project: str):
    whole, between = ada.plans(project), ada.plans(project)
    part = ada.plans(project, parent_id=id_of(whole))
    waits(ada, between, whole)
    closed = depends(ada, part, between)
    other = ada.plans(project)
    waits(ada, other, between)
    moved = ada.patch(other, {"parent_id": id_of(whole)})

    assert depends(ada, part, whole).code == "DependencyCycle"
    assert (closed.status, closed.code) == (422, "DependencyCycle")
    assert closed.body["path"] == [id_of(each) for each in (part, whole, between, part)]
    assert (moved.status, moved.code) == (422, "DependencyCycle")
    assert moved.body["path"] == [id_of(each) for each in (whole, between, other, whole)]
    assert ada.get(other).body["parent_id"] is None
    assert depends(ada, whole, other).code == "DependencyCycle"
    assert ada.patch(between, {"priority": "high"}).status == 200


def test_dependencies_stay_when_the_milestone_changes(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    waits(ada, then, first, is_optional=True)
    ada.patch(then, {"title": "Other"})
    begins(ada, then)

    assert [each["from_id"] for each in ada.get(f"{then}/dependencies").body["items"]] == [id_of(first)]
    assert depends(ada, first, then).code == "DependencyCycle"


_nodes = st.integers(0, 7).map(str)


@given(st.lists(st.tuples(_nodes, _nodes), max_size=25))
def test_edges_that_close_no_cycle_never_make_one(wanted: list[tuple[str, str]]):
    edges: dict[str, list[str]] = {}
    for from_id, to_id in wanted:
        path = cycle.closed_by(edges, from_id, to_id)
        if path is None:
            edges.setdefault(to_id, []).append(from_id)
        else:
            steps = [*pairwise(path)]
            new = [(before, after) for before, after in steps if before not in edges.get(after, [])]

            assert path[0] == path[-1] == to_id
            assert new == [(from_id, to_id)]

    reach = {node: _reached(edges, node) for node in edges}
    assert not [node for node, reached in reach.items() if node in reached]


def _reached(edges: dict[str, list[str]], start: str) -> set[str]:
    found, ahead = set[str](), [*edges.get(start, [])]
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead += edges.get(here, [])
    return found
