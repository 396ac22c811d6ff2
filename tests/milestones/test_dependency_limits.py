"""How many dependencies a project may have: at the limit, one below and one above."""

import pytest

from functions.milestones import dependencies
from functions.milestones.dependencies import MOST_OF_A_MILESTONE, MOST_OF_A_PROJECT
from shared.storage import table
from shared.storage.writes import Put
from tests.milestones.people import TVL, Person


def depends(ada: Person, count: int) -> None:
    """Let the project have so many dependencies, of milestones that have as many as they may."""
    pk, sk = dependencies.key(ada.tenant_id, str(TVL["project_id"]))
    edges: dict[str, list[str]] = {}
    for number in range(count):
        edges.setdefault(f"m{number // MOST_OF_A_MILESTONE}", []).append(f"n{number}")
    table.transact([Put({"PK": pk, "SK": sk, "entity": "Dependencies", "edges": edges, "version": 1})])


@pytest.mark.parametrize(
    ("there", "status"), [(MOST_OF_A_PROJECT - 2, 200), (MOST_OF_A_PROJECT - 1, 200), (MOST_OF_A_PROJECT, 409)]
)
def test_a_project_has_two_thousand_dependencies_at_most(ada: Person, there: int, status: int):
    uid, other = ada.created(sync_to_forse=False), ada.created(sync_to_forse=False)
    depends(ada, there)
    answer = ada.adds_dependency(uid, other)

    assert MOST_OF_A_PROJECT == 2000
    assert answer.status == status
    assert status == 200 or answer.code == "TooManyDependencies"
