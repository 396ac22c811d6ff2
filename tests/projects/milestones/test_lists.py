"""Lists of milestones over all projects, by status and by owner, and whom the list of a project shows as owner."""

from functions.projects.milestones import entries
from shared.storage import attributes, table
from tests.aws import hooks
from tests.projects.following.telling import follow, of_milestone
from tests.projects.team import Person


def listed(person: Person, query: str = "") -> list[str]:
    return [
        f"/project-milestones/{each['project_milestone_id']}"
        for each in person.get("/project-milestones", query).body["items"]
    ]


def owner_in_list(person: Person, project: str) -> str | None:
    (only,) = person.get(f"{project}/project-milestones").body["items"]
    owner = only["primary_owner_id"]
    assert owner is None or isinstance(owner, str)
    return owner


def test_owners_see_their_milestones_and_admins_all_by_due_date(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    late, early = ada.plans(project, due_on="2027-06-01"), ada.plans(project)
    for each in (late, early):
        ada.assigns(each, ben)
    ada.patch(early, {"due_on": "2027-01-01"})
    admin = ada.colleague("admin")
    ids = [each.rpartition("/")[2] for each in (early, late)]

    assert [each["project_milestone_id"] for each in ben.get("/project-milestones").body["items"]] == ids
    drafts = admin.get("/project-milestones", "status=draft").body["items"]
    assert [each["project_milestone_id"] for each in drafts] == ids
    due = admin.get("/project-milestones", "status=draft&due_before=2027-02-01").body["items"]
    assert [each["project_milestone_id"] for each in due] == ids[:1]
    assert ben.get("/project-milestones", "status=draft").code == "RoleRequired"
    assert admin.get("/project-milestones", "status=draft&due_before=soon").fields == ["due_before"]
    ada.delete(f"{project}/members/{ben.user_id}")
    assert ben.get("/project-milestones").body["items"] == []


def test_admins_list_what_another_owns_and_everybody_what_they_own(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    mine, his = ada.plans(project, due_on="2027-01-01"), ada.plans(project, due_on="2027-02-01")
    ada.assigns(mine, ada)
    ada.assigns(his, ben)
    admin = ada.colleague("admin")

    assert (
        listed(admin, f"owner={ben.user_id}") == listed(ben, "owner=me") == listed(ben, f"owner={ben.user_id}") == [his]
    )
    assert (listed(admin), listed(admin, "owner=me")) == ([], [])
    assert ada.get("/project-milestones", f"owner={ben.user_id}").code == "RoleRequired"
    assert ada.get("/project-milestones", "owner=ben").fields == ["owner"]
    assert listed(admin, f"owner={ben.user_id}&status=active") == []
    assert listed(admin, f"owner={ben.user_id}&status=draft&due_before=2027-02-02") == [his]
    assert listed(admin, f"owner={ben.user_id}&due_before=2027-02-01") == []


def test_a_guest_lists_what_they_own_and_nothing_else(ada: Person, project: str):
    client = ada.brings(project, ada.colleague("guest"), "client")
    milestone = ada.plans(project)
    ada.post(f"{milestone}/owners", {"user_id": client.user_id, "role": "observer"})

    assert listed(client) == [milestone]
    assert client.get("/project-milestones", "status=draft").code == "RoleRequired"
    assert client.get("/project-milestones", f"owner={ada.user_id}").code == "RoleRequired"


def test_a_closed_milestone_drops_out_at_once_and_leaves_the_index_by_its_event(ada: Person, project: str):
    closed, left = ada.begins(project, ada), ada.plans(project)
    ada.assigns(left, ada)
    ada.post(f"{closed}/complete")
    assert listed(ada) == [left]
    follow(*of_milestone(ada, closed))

    rows = table.query_all(f"USER#{ada.user_id}", "ENTITY#Owner#", index=True)
    assert [each["project_milestone_id"] for each in rows] == [left.rpartition("/")[2]]
    assert [each["user_id"] for each in ada.get(f"{closed}/owners").body["items"]] == [ada.user_id]


def test_an_event_of_an_open_milestone_leaves_it_in_the_list(ada: Person, project: str):
    milestone = ada.begins(project, ada, acceptance="manager")
    ada.post(f"{milestone}/cancel", {"reason": "Not needed."})
    early = of_milestone(ada, milestone)
    again = ada.begins(project, ada)
    follow(*early)

    assert listed(ada) == [again]


def test_a_page_of_what_somebody_owns_is_one_query_and_one_call(ada: Person, project: str):
    for _ in range(3):
        ada.assigns(ada.plans(project), ada)
    calls: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, params, **_: calls.append(model.name + str(params["body"])))
    assert len(listed(ada)) == 3

    assert [call[:5] for call in calls if "Owner#" in call or "PRJ#" in call] == ["Query", "Batch"]


def test_the_list_of_a_project_shows_and_filters_by_the_primary_owner(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.plans(project)
    seen = [owner_in_list(ada, project)]
    ada.post(f"{milestone}/owners", {"user_id": ben.user_id, "role": "primary"})
    seen.append(owner_in_list(ada, project))
    assert [len(each.get(f"{project}/project-milestones", "owner=me").body["items"]) for each in (ada, ben)] == [0, 1]
    ada.post(f"{milestone}/owners/transfer", {"user_id": ada.user_id})
    seen.append(owner_in_list(ada, project))
    ada.patch(milestone, {"title": "Mill"})
    seen.append(owner_in_list(ada, project))
    ada.delete(f"{milestone}/owners/{ada.user_id}")

    assert [*seen, owner_in_list(ada, project)] == [None, ben.user_id, ada.user_id, ada.user_id, None]
    assert ada.get(milestone).body["version"] == 2


def test_an_observer_is_not_shown_as_the_owner(ada: Person, project: str):
    ada.assigns(ada.plans(project), ada, "observer")

    assert owner_in_list(ada, project) is None


def test_a_milestone_that_changes_while_it_is_handed_on_shows_who_has_it(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ada)

    def hand_on(**_: object) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", hand_on)
        ada.post(f"{milestone}/owners/transfer", {"user_id": ben.user_id})

    hooks.register("before-call.dynamodb.TransactWriteItems", hand_on)
    assert ada.put(f"{milestone}/progress", {"progress": 40}).status == 200

    assert (owner_in_list(ada, project), ada.get(milestone).body["primary_owner_id"]) == (ben.user_id, ben.user_id)


def test_an_entry_with_its_owner_is_small(ada: Person, project: str):
    milestone = ada.begins(project, ada, title="Mill assembled and tested", start_on="2027-03-01", due_on="2027-03-31")
    item = table.get(entries.place(ada.tenant_id, project[10:], milestone.rpartition("/")[2]))
    assert item is not None

    _, size = attributes.measured(item)
    assert size <= 450
