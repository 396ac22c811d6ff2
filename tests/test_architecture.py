"""The rules of the code that no other tool checks, and a proof for each check that it catches what it is for."""

import importlib

import pytest

from shared.api import PUBLIC, Api
from tests import architecture
from tests.architecture import ROOT, sources

CODE = sources("functions", "shared", "infra", "cli")
TESTS = sources("tests")
MAY_IMPORT_AWS = {
    "functions/identity/kms.py": "KMS is identity's own",
    "functions/identity/messages.py": "SES is identity's own",
    "functions/identity/text_messages.py": "SNS is identity's own",
    "functions/portal/readiness.py": "asks whether the key of KMS answers",
}
CLIENTS = {path: text for path, text in CODE.items() if not path.startswith(("shared/", "infra/"))}
PUBLIC_OPERATIONS = {
    "POST /api/v1/auth/invitation",
    "POST /api/v1/auth/register",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/login/otp",
    "POST /api/v1/auth/refresh",
    "GET /api/v1/auth/google",
    "GET /api/v1/auth/google/callback",
    "GET /api/v1/milestones/health",
    "GET /api/v1/shared/badge.svg",
    "GET /api/v1/shared/calendar.ics",
    "GET /api/v1/shared/chart.svg",
    "POST /api/v1/milestones/webhooks/milestone-complete",
    "GET /.well-known/jwks.json",
    "GET /.well-known/openid-configuration",
}
NAMING_KEYS = {
    "functions/goals/achievements.py",
    "functions/goals/due_tasks.py",
    "functions/goals/goals.py",
    "functions/goals/imports.py",
    "functions/goals/listings.py",
    "functions/goals/points.py",
    "functions/goals/removals.py",
    "functions/goals/links.py",
    "functions/goals/restores.py",
    "functions/goals/shares.py",
    "functions/goals/tasks.py",
    "functions/milestones/dependencies.py",
    "functions/milestones/lookups.py",
    "functions/milestones/milestones.py",
    "functions/milestones/project_points.py",
    "functions/milestones/reconciliation.py",
    "functions/identity/challenges.py",
    "functions/identity/epochs.py",
    "functions/identity/google_refusals.py",
    "functions/identity/google_attempts.py",
    "functions/identity/google_identities.py",
    "functions/identity/invitations.py",
    "functions/identity/members.py",
    "functions/identity/removed_members.py",
    "functions/identity/pending_sign_ins.py",
    "functions/identity/phones.py",
    "functions/identity/second_factors.py",
    "functions/identity/sent_texts.py",
    "functions/identity/sessions.py",
    "functions/identity/audit.py",
    "functions/identity/key_records.py",
    "functions/identity/sign_ins.py",
    "functions/identity/signing_keys.py",
    "functions/identity/tenants.py",
    "functions/identity/users.py",
    "functions/notifications/deliveries.py",
    "functions/notifications/endpoints.py",
}
CONTEXTS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/api.py"))


def apis() -> dict[str, Api]:
    """Return the REST door of every context that has one."""
    doors = {}
    for name in CONTEXTS:
        module = importlib.import_module(f"functions.{name}.api")
        if (ROOT / "functions" / name / "door.py").exists():
            module = importlib.import_module(f"functions.{name}.door")
        if isinstance(getattr(module, "api", None), Api):
            doors[name] = module.api
    return doors


OPERATIONS = [
    pytest.param(operation, id=f"{method.upper()} {path}")
    for door in apis().values()
    for path, item in door.document()["paths"].items()
    for method, operation in item.items()
]


@pytest.mark.parametrize("path", [*CODE, *TESTS])
def test_a_file_fits_in_a_head(path: str):
    assert list(architecture.too_long_file(path, {**CODE, **TESTS}[path])) == []


@pytest.mark.parametrize("path", [*CODE, *TESTS])
def test_a_function_fits_on_a_screen(path: str):
    assert list(architecture.too_long_functions(path, {**CODE, **TESTS}[path])) == []


@pytest.mark.parametrize("path", [*CODE, *TESTS])
def test_a_name_says_what_it_is(path: str):
    assert list(architecture.vague_name(path, "")) == []


@pytest.mark.parametrize("path", [path for path in CLIENTS if path not in MAY_IMPORT_AWS])
def test_a_context_reaches_aws_through_shared(path: str):
    assert list(architecture.aws_imports(path, CODE[path])) == []


def test_keys_are_named_only_by_shared_and_by_the_entities():
    naming = {path for path in CLIENTS if list(architecture.key_attributes(path, CODE[path]))}

    assert naming == NAMING_KEYS


@pytest.mark.parametrize("path", [path for path in CODE if path.endswith(("api.py", "_routes.py"))])
def test_routes_know_no_keys(path: str):
    assert list(architecture.key_attributes(path, CODE[path])) == []


def test_exactly_these_operations_are_open_to_everybody():
    open_ones = {
        f"{route.method} {route.openapi_path}"
        for door in apis().values()
        for route in [*door._static_routes, *door._dynamic_routes]
        if route.openapi_extensions["x-scope"] == PUBLIC
    }

    assert open_ones == PUBLIC_OPERATIONS


def test_a_route_without_a_scope_cannot_be_declared():
    with pytest.raises(TypeError, match="scope"):
        Api().get("/api/v1/open-by-mistake")(lambda: None)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_says_what_it_does_and_who_may_call_it(operation: dict):
    scope = operation["x-scope"]

    assert operation["summary"]
    assert operation["description"] != operation["summary"]
    assert scope == PUBLIC or operation["security"] == [{"bearer": [scope]}, {"apiKey": [scope]}]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_shows_an_example_of_every_answer(operation: dict):
    without = [
        status
        for status, answer in operation["responses"].items()
        for content in answer.get("content", {}).values()
        if not content.get("examples")
    ]

    assert without == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_documents_what_a_caller_must_expect(operation: dict):
    statuses = set(operation["responses"])

    assert any(status.startswith(("2", "3")) for status in statuses)
    assert operation["x-scope"] == PUBLIC or {"401", "403"} <= statuses
    assert "requestBody" not in operation or {"400", "413", "415", "422"} <= statuses


LONG_FUNCTION = "def f():\n" + "    pass\n" * 40


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (architecture.too_long_file, "shared/long.py", "x = 1\n" * 301),
        (architecture.too_long_functions, "shared/long.py", LONG_FUNCTION),
        (
            architecture.too_long_functions,
            "shared/long.py",
            "class C:\n    async " + LONG_FUNCTION.replace("    ", "        "),
        ),
        (architecture.vague_name, "shared/utils.py", ""),
        (architecture.vague_name, "functions/goals/goal_helpers.py", ""),
        (architecture.vague_name, "functions/core/goals.py", ""),
        (architecture.aws_imports, "functions/goals/goals.py", "import boto3"),
        (architecture.aws_imports, "functions/goals/goals.py", "def f():\n    from botocore.config import Config"),
        (architecture.key_attributes, "functions/goals/api.py", "item['GSI1PK']"),
        (architecture.key_attributes, "functions/goals/api.py", "key = {'SK': 'GOAL#1'}"),
    ],
)
def test_each_check_catches_what_it_is_for(check: object, path: str, text: str):
    assert len(list(check(path, text))) == 1


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (architecture.too_long_file, "shared/long.py", "x = 1\n" * 300),
        (architecture.too_long_functions, "shared/long.py", "def f():\n" + "    pass\n" * 39),
        (architecture.vague_name, "shared/database.py", ""),
        (architecture.aws_imports, "functions/goals/goals.py", "if TYPE_CHECKING:\n    import boto3"),
        (architecture.key_attributes, "functions/goals/api.py", "item['TASK']"),
    ],
)
def test_no_check_catches_more(check: object, path: str, text: str):
    assert list(check(path, text)) == []
