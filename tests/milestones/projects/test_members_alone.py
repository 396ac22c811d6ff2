"""A project of people, by its id: what is told of its tracked milestones is for its members alone."""

import pytest

from shared import ids
from shared.callers import project_members
from shared.storage import table
from shared.storage.writes import Put
from tests.milestones.people import Person

READS = ["progress", "chart", "chart.svg", "forecast"]


@pytest.mark.parametrize("read", READS)
def test_only_members_are_told_of_a_project_of_people(read: str, ada: Person):
    project_id = ids.new("prj")
    ada.creates(project_id=project_id)
    path = f"/api/v1/projects/{project_id}/{read}"
    assert ada.get(path).code == "ProjectNotFound"
    pk, sk = project_members.key(ada.tenant_id, project_id, ada.user_id)
    table.transact([Put({"PK": pk, "SK": sk, "entity": "ProjectMember"})])

    assert ada.get(path).status == 200
