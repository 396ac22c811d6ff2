"""The API document: true, whole, and the one that is in the repository."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from infra.documents import openapi
from shared.api.reference import references
from shared.api.rest import PUBLIC
from tests.platform.operations import DOCUMENT

OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}


APPLIED = {"items", "anyOf", "allOf", "oneOf", "additionalProperties"}
MAPS = {
    "AudienceSettings.quiet_hours",
    "AudienceSettings.topics",
    "AuditEntry.data",
    "Campaign.template_variables",
    "CampaignShown.template_variables",
    "DeliveryProvider.settings",
    "DeliveryProviderGiven.settings",
    "PaymentSettings.auto_release_limits",
    "Project.milestones_by_status",
    "ProjectMilestone.custom_fields",
    "ProjectMilestone.metadata",
    "RenderedMessage.variables",
    "Variant.template_variables",
    "DocumentShown.document",
    "ElementVersionShown.data",
    "EvidenceUpload.headers",
    "ExportedMilestone.metadata",
    "FileUpload.headers",
    "Imported.tasks",
    "Lead.consent",
    "LeadImportShown.mapping",
    "Lead.metadata",
    "SearchHit.document",
    "Segment.rule_ast",
    "SegmentReason.condition",
    "SegmentWritten.rule_ast",
    "TasksRestored.tasks",
    "TrackedMilestone.metadata",
}
"""Where an answer has properties whose names are not ours."""


def resolved(node: Any) -> Any:
    """Follow a reference into the components."""
    target = node
    if "$ref" in node:
        _, *names = node["$ref"].split("/")
        target = DOCUMENT
        for name in names:
            target = target[name]
    return target


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield status, media type and content of every answer that has a body."""
    for status, response in operation["responses"].items():
        for media_type, content in response.get("content", {}).items():
            yield status, media_type, content


def open_objects(schema: Any, where: str) -> Iterator[str]:
    """Yield where a schema allows properties that it does not name."""
    if isinstance(schema, list):
        for each in schema:
            yield from open_objects(each, where)
    elif isinstance(schema, dict):
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
            yield where
        for field, each in schema.get("properties", {}).items():
            yield from open_objects(each, f"{where}.{field}")
        yield from open_objects([schema[name] for name in APPLIED & schema.keys()], where)


def examples(content: dict[str, Any]) -> list[Any]:
    return [resolved(example)["value"] for example in content.get("examples", {}).values()]


def faults(value: Any, schema: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    return [error.message for error in validator.iter_errors(value)]


def test_the_document_is_valid_openapi_3_1() -> None:
    errors = [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()]

    assert DOCUMENT["openapi"] == "3.1.0"
    assert errors == []


def test_the_document_of_the_repository_is_current() -> None:
    assert openapi.PATH.read_text(encoding="utf-8") == openapi.text(openapi.joined()), (
        "run: python -m infra.documents.openapi"
    )


def test_every_schema_is_used_and_every_used_one_is_there() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    assert set(references(DOCUMENT)) == set(schemas)


def test_every_tag_is_described_and_used() -> None:
    used = {tag for operation in OPERATIONS.values() for tag in operation["tags"]}

    assert {tag["name"] for tag in DOCUMENT["tags"]} == used
    assert all(tag["description"] for tag in DOCUMENT["tags"])


def test_no_two_operations_have_the_same_id() -> None:
    ids = [operation["operationId"] for operation in OPERATIONS.values()]

    assert sorted(set(ids)) == sorted(ids)


OPEN = {
    "GET /",
    "GET /dashboard/{version}/{file}",
    "GET /review",
    "GET /review/review.js",
    "GET /review/texts.js",
    "GET /review/opened.js",
    "GET /review/problems.js",
    "GET /probe",
    "GET /probe/probe.js",
    "GET /probe/texts.js",
    "POST /api/v1/review-links/view",
    "POST /api/v1/review-links/decide",
    "POST /api/v1/probe-replies/view",
    "POST /api/v1/probe-replies/answer",
    "GET /.well-known/jwks.json",
    "GET /.well-known/openid-configuration",
    "GET /api/v1",
    "GET /api/v1/auth/google",
    "GET /api/v1/auth/google/callback",
    "GET /api/v1/clicks",
    "GET /api/v1/delivery/status",
    "GET /api/v1/docs",
    "GET /api/v1/docs/{asset}",
    "GET /api/v1/health",
    "GET /api/v1/health/ready",
    "GET /api/v1/milestones/health",
    "GET /api/v1/openapi.json",
    "GET /api/v1/opens",
    "GET /api/v1/opt-in",
    "GET /api/v1/shared/badge.svg",
    "GET /api/v1/shared/calendar.ics",
    "GET /api/v1/shared/chart.svg",
    "GET /api/v1/unsubscribe",
    "POST /api/v1/auth/invitation",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/login/otp",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/register",
    "POST /api/v1/delivery/inbound",
    "POST /api/v1/delivery/receipt",
    "POST /api/v1/milestones/webhooks/milestone-complete",
    "POST /api/v1/opt-in",
    "POST /api/v1/payment-webhooks/{gateway}",
    "POST /api/v1/unsubscribe",
}
"""What takes no credential."""


def test_only_pages_health_docs_links_sign_in_and_keys_are_open() -> None:
    open_to_all = {name for name, operation in OPERATIONS.items() if not operation.get("security")}

    assert open_to_all == OPEN


def test_an_answer_has_no_property_that_is_not_named_but_in_maps() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    waiting = [name for operation in OPERATIONS.values() for name in references(operation["responses"])]
    answered: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in answered:
            answered.add(name)
            waiting += references(schemas[name])
    written_out = [
        place
        for name, operation in OPERATIONS.items()
        for _, _, content in bodies(operation)
        for place in open_objects(content["schema"], name)
    ]

    assert len(answered) > 80
    assert {place for name in answered for place in open_objects(schemas[name], name)} == MAPS
    assert written_out == ["GET /api/v1/openapi.json"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_what_it_is_for(name: str) -> None:
    operation = OPERATIONS[name]

    assert operation["summary"] != ""
    assert operation["description"] != operation["summary"]
    assert operation["description"].endswith(".")
    assert operation["operationId"].isidentifier()
    assert all(
        parameter.get("description") for parameter in operation.get("parameters", ()) if parameter["in"] != "path"
    )


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_who_may_call_it_and_what_a_caller_must_expect(name: str) -> None:
    operation, scope = OPERATIONS[name], OPERATIONS[name]["x-scope"]
    statuses = operation["responses"].keys()
    refusals = [body for body in bodies(operation) if not body[0].startswith("2")]

    assert operation.get("security") == (None if scope == PUBLIC else [{"bearer": [scope]}, {"apiKey": [scope]}])
    assert scope == PUBLIC or {"401", "403"} <= statuses
    assert "requestBody" not in operation or {"400", "413", "415", "422"} <= statuses
    assert any(status.startswith(("2", "3")) for status in statuses)
    assert {media_type for _, media_type, _ in refusals} <= {"application/problem+json"}
    assert [
        status for status, _, content in refusals for each in examples(content) if str(each["status"]) != status
    ] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_shows_an_example_of_every_body_that_its_schema_allows(name: str) -> None:
    operation = OPERATIONS[name]
    shown = [(status, examples(content), content["schema"]) for status, _, content in bodies(operation)]
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        alternatives = [resolved(each) for each in schema.get("anyOf", [schema])]
        shown.append(("sent", [example for each in alternatives for example in each.get("examples", [])], schema))
    wrong = [(where, fault) for where, values, schema in shown for each in values for fault in faults(each, schema)]

    assert [where for where, values, _ in shown if not values] == []
    assert wrong == []
