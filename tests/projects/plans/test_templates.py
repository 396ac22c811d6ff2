"""Plan templates: created, listed, changed, exported, imported, deleted, and what is wrong with them."""

import json
from typing import Any

import pytest

from functions.projects.plans import shipped
from shared.storage import table
from tests.projects.plans.arriving import TEMPLATES, makes, planned, template
from tests.projects.team import Person

POLICY = {"layers": [{"level": 1, "name": "Board", "approvers": [{"user": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H"}]}]}


def test_a_template_is_there_until_it_is_deleted(ada: Person, ben: Person, eve: Person):
    made = ada.post(TEMPLATES, template(), key="once")
    path = f"{TEMPLATES}/{made.body['plan_template_id']}"
    [listed] = ben.get(TEMPLATES).body["items"]

    assert made.status == 201
    assert ada.post(TEMPLATES, template(), key="once").body == made.body
    assert ben.get(path).body == made.body
    assert made.body["milestones"][0]["percentage"] == 37.5
    assert (listed["milestone_count"], listed["dependency_count"], listed["is_shipped"]) == (2, 1, False)
    assert "milestones" not in listed
    assert eve.get(path).code == eve.get(f"{TEMPLATES}/plt_1").code == "PlanTemplateNotFound"
    assert eve.get(TEMPLATES).body["items"] == []

    changed = ada.patch(path, {"name": "Old mill", "industry": None, "dependencies": []}, if_match='"1"')
    assert [changed.body[name] for name in ("name", "industry", "dependency_count")] == ["Old mill", None, 0]
    assert (changed.body["version"], changed.body["milestones"]) == (2, made.body["milestones"])
    assert ada.patch(path, {"name": "Mill"}, if_match='"1"').status == 412
    assert ben.patch(path, {"name": "Ben's"}).code == ben.delete(path).code == "PlanTemplateOfAnother"
    assert ada.acting_as("admin").colleague("admin").patch(path, {"name": "Admin's"}).status == 200
    assert ada.delete(path, if_match='"3"').status == 204
    assert ada.get(path).status == 404


def test_templates_are_not_for_guests_and_viewers_only_read_them(ada: Person):
    path = makes(ada)
    guest, viewer = ada.colleague("guest"), ada.colleague("viewer")

    assert [guest.get(each).status for each in (TEMPLATES, path, f"{TEMPLATES}/retail")] == [404] * 3
    assert guest.post(f"{path}/export").status == 404
    assert viewer.get(path).status == 200
    assert viewer.post(TEMPLATES, template()).status == 403


def test_what_is_exported_is_imported_elsewhere(ada: Person, eve: Person):
    path = makes(ada)
    document = ada.post(f"{path}/export")
    imported = eve.post(f"{TEMPLATES}/import", document.body)

    assert (document.status, imported.status) == (200, 201)
    same = ("name", "industry", "description", "parameters", "milestones", "dependencies")
    assert [imported.body[name] for name in same] == [ada.get(path).body[name] for name in same]
    assert eve.post(f"{TEMPLATES}/import", document.body | {"format_version": 2}).status == 422
    assert eve.post(f"{TEMPLATES}/import", template()).status == 422


def test_six_templates_are_shipped(ada: Person):
    first = ada.get(TEMPLATES, "origin=shipped&limit=4").body
    rest = ada.get(TEMPLATES, f"origin=shipped&limit=4&cursor={first['next_cursor']}").body

    assert [each["plan_template_id"] for each in [*first["items"], *rest["items"]]] == [*shipped.NAMES]
    assert rest["next_cursor"] is None
    assert ada.get(TEMPLATES, "origin=shipped&cursor=bm8").status == 400
    assert ada.patch(f"{TEMPLATES}/retail", {"name": "Shop"}).status == 404
    for name in shipped.NAMES:
        shown = ada.get(f"{TEMPLATES}/{name}").body
        document = ada.post(f"{TEMPLATES}/{name}/export").body
        assert shown["is_shipped"]
        assert ada.post(f"{TEMPLATES}/import", document).body["milestones"] == shown["milestones"]


def test_graphql_shows_and_takes_what_rest_does(ada: Person):
    shown = ada.ask("planTemplate", planTemplateId="retail").data
    dependencies = [{"fromKey": "a", "toKey": "b"}]
    milestones = [{"key": key, "title": key, "kind": "custom", "percentage": 50} for key in "ab"]
    made = ada.ask("createPlanTemplate", input={"name": "Two", "milestones": milestones, "dependencies": dependencies})
    template_id = made.data["planTemplateId"]
    changed = ada.ask("updatePlanTemplate", planTemplateId=template_id, input={"name": "2"}, expectedVersion=1)

    assert shown["milestones"][0]["owners"][0] == {"role": "primary", "person": "planner", "workloadPercent": 0}
    assert ada.get(f"{TEMPLATES}/{template_id}").body["milestones"][0]["percentage"] == 50
    assert changed.data["name"] == "2"
    assert [each["name"] for each in ada.ask("planTemplates").data["items"]] == ["2"]
    assert ada.ask("planTemplates", origin="shipped", limit=1).data["items"][0]["planTemplateId"] == "construction"
    assert ada.ask("deletePlanTemplate", planTemplateId=template_id).data == template_id


def wrong(field: str, **more: Any) -> Any:
    return pytest.param(more, field, id=field)


def two(**more: Any) -> list[dict[str, Any]]:
    return [planned("a"), planned("b", **more)]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        wrong("milestones.1.key", milestones=[planned("a"), planned("a")], dependencies=[]),
        wrong("parameters.1.name", parameters=[{"name": "site"}, {"name": "site"}], milestones=two(), dependencies=[]),
        wrong("parameters.0.default", parameters=[{"name": "engineer", "kind": "person", "default": "Ada"}]),
        wrong("milestones.1.title", milestones=two(title="{{nowhere}}"), dependencies=[]),
        wrong("milestones.1.description", milestones=two(description="{{engineer}}"), dependencies=[]),
        wrong("milestones.1.owners.0.person", milestones=two(owners=[{"role": "primary", "person": "site"}])),
        wrong("milestones.1.progress_source", milestones=two(progress_source="checklist"), dependencies=[]),
        wrong("milestones.1.verification_policy.layers.0.approvers.0", milestones=two(verification_policy=POLICY)),
        wrong("milestones.0.percentage", milestones=[planned("a", percentage=33.33333)], dependencies=[]),
        wrong("milestones", milestones=two(percentage=99.9999), dependencies=[]),
        wrong("milestones", milestones=[], dependencies=[]),
        wrong("milestones", milestones=[planned(f"m{place}") for place in range(201)], dependencies=[]),
        wrong("dependencies.0.from_key", dependencies=[{"from_key": "roof", "to_key": "mill"}]),
        wrong("dependencies.1", dependencies=[{"from_key": "drawings", "to_key": "mill"}] * 2),
        wrong(
            "dependencies.0.condition", dependencies=[{"from_key": "drawings", "to_key": "mill", "condition": "1 +"}]
        ),
        wrong(
            "dependencies.0.type",
            milestones=two(),
            dependencies=[{"from_key": "a", "to_key": "b", "type": "payment_to_start"}],
        ),
        wrong("milestones.0.offset_days", milestones=[planned("a", offset_days=-1)]),
        wrong("milestones.0.workflow", milestones=[planned("a", workflow="x")]),
    ],
)
def test_what_is_wrong_with_a_template_is_said_where_it_stands(more: dict[str, Any], field: str, ada: Person):
    refused = ada.post(TEMPLATES, template(**more))

    assert refused.status == 422, refused.body
    assert field in [each["field"] for each in refused.body["errors"]]
    assert ada.get(TEMPLATES).body["items"] == []


def test_dependencies_close_no_cycle(ada: Person):
    edges = [{"from_key": first, "to_key": then} for first, then in ("ab", "bc", "ca")]
    refused = ada.post(TEMPLATES, template(milestones=[planned(key) for key in "abc"], dependencies=edges))

    assert (refused.code, refused.body["path"]) == ("DependencyCycle", ["a", "b", "c", "a"])


def told(person: Person) -> list[tuple[str, int]]:
    found = table.query_all(f"TENANT#{person.tenant_id}#PLT", "EVENT#")
    return [(each["event_type"], each["data"]["template_version"]) for each in found]


def test_each_change_of_a_template_is_an_event(ada: Person):
    path = makes(ada)
    ada.patch(path, {"name": "Old mill"})
    copy = ada.post(f"{TEMPLATES}/import", ada.post(f"{path}/export").body).body["plan_template_id"]
    ada.delete(path)

    assert sorted(told(ada)) == [
        ("projects.plan_template.created", 1),
        ("projects.plan_template.deleted", 2),
        ("projects.plan_template.imported", 1),
        ("projects.plan_template.updated", 2),
    ]
    assert ada.get(f"{TEMPLATES}/{copy}").status == 200
    assert "Old mill" not in str([*table.query_all(f"TENANT#{ada.tenant_id}#PLT", "EVENT#")])


def test_documents_by_fields_are_those_of_rest(ada: Person, eve: Person):
    path = makes(ada)
    document = ada.ask("planTemplateDocument", planTemplateId=path.rpartition("/")[2]).data
    assert json.loads(document) == ada.post(f"{path}/export").body
    imported = eve.ask("importPlanTemplate", document=document).data

    assert imported["name"] == "Mill"
    assert eve.ask("importPlanTemplate", document="{").error_type == "InvalidInput"
    assert eve.ask("importPlanTemplate", document="[]").error_type == "InvalidInput"
    assert eve.ask("importPlanTemplate", document="{}").error_type == "InvalidInput"
