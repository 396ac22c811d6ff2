"""The rules of the code that no other tool checks, and a proof for each check that it catches what it is for."""

import importlib
from collections.abc import Callable, Iterable, Mapping

import pytest

from shared.api.rest import PUBLIC, Api
from tests.platform import architecture
from tests.platform.architecture import ROOT, sources
from tests.platform.naming_keys import NAMING_KEYS

Check = Callable[[str, str], Iterable[str]]

CODE = sources("functions", "shared", "infra", "cli")
TESTS = sources("tests")
MAY_IMPORT_AWS = {
    "functions/identity/access_tokens/kms.py": "KMS is identity's own",
    "functions/identity/codes/mail.py": "SES is identity's own",
    "functions/identity/codes/sms.py": "SNS is identity's own",
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
    "GET /api/v1/clicks",
    "GET /api/v1/opens",
    "GET /api/v1/opt-in",
    "POST /api/v1/opt-in",
    "GET /api/v1/unsubscribe",
    "POST /api/v1/unsubscribe",
    "GET /api/v1/delivery/status",
    "POST /api/v1/delivery/inbound",
    "POST /api/v1/delivery/receipt",
    "POST /api/v1/review-links/view",
    "POST /api/v1/review-links/decide",
    "POST /api/v1/probe-replies/view",
    "POST /api/v1/probe-replies/answer",
    "GET /api/v1/shared/badge.svg",
    "GET /api/v1/shared/calendar.ics",
    "GET /api/v1/shared/chart.svg",
    "POST /api/v1/milestones/webhooks/milestone-complete",
    "POST /api/v1/payment-webhooks/{gateway}",
    "GET /.well-known/jwks.json",
    "GET /.well-known/openid-configuration",
}
MEASURED = "    began = time.monotonic_ns()\n    took = time.monotonic_ns() - began"
GATHERED = "    took = []\n    took.append(time.process_time() - began)"
CALLED = "    def took():\n        return (time.perf_counter() - began) / 100"
CONTEXTS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/api.py"))


def apis() -> dict[str, Api]:
    """Return the REST resolver of every context that has one."""
    resolvers = {}
    for name in CONTEXTS:
        module = importlib.import_module(f"functions.{name}.api")
        if (ROOT / "functions" / name / "resolver.py").exists():
            module = importlib.import_module(f"functions.{name}.resolver")
        if isinstance(getattr(module, "api", None), Api):
            resolvers[name] = module.api
    return resolvers


def hold(check: Check, files: Mapping[str, str]) -> None:
    """Fail with everything that a check finds in any of the files."""
    found = [each for path, text in files.items() for each in check(path, text)]
    assert not found, "\n".join(found)


def test_a_file_fits_in_a_head():
    hold(architecture.too_long_file, CODE | TESTS)


def test_a_function_fits_on_a_screen():
    hold(architecture.too_long_functions, CODE | TESTS)


def test_a_name_says_what_it_is():
    hold(architecture.vague_name, CODE | TESTS)


def test_a_folder_is_taken_in_at_a_glance():
    assert list(architecture.crowded_folders(CODE)) == []


def test_what_begins_alike_has_a_folder_of_its_own():
    assert list(architecture.prefixes_that_are_folders(CODE)) == []


def test_no_test_leans_on_another():
    hold(architecture.imported_tests, TESTS)


def test_no_test_asserts_a_time():
    hold(
        architecture.asserted_times,
        {path: text for path, text in TESTS.items() if not path.startswith("tests/bench/")},
    )


def test_a_context_reaches_aws_through_shared():
    hold(architecture.aws_imports, {path: text for path, text in CLIENTS.items() if path not in MAY_IMPORT_AWS})


def test_keys_are_named_only_by_shared_and_by_the_entities():
    naming = {path for path in CLIENTS if list(architecture.key_attributes(path, CODE[path]))}

    assert naming == NAMING_KEYS


def test_routes_know_no_keys():
    hold(
        architecture.key_attributes,
        {path: text for path, text in CODE.items() if path.endswith(("api.py", "routes.py"))},
    )


def test_exactly_these_operations_are_open_to_everybody():
    open_ones = {
        f"{route.method} {route.openapi_path}"
        for resolver in apis().values()
        for route in resolver.routes
        if route.access.scope == PUBLIC
    }

    assert open_ones == PUBLIC_OPERATIONS


def test_a_route_without_a_scope_cannot_be_declared():
    with pytest.raises(TypeError, match="scope"):
        Api().operation("GET", "/api/v1/open-by-mistake", summary="Look", answers={})  # type: ignore[call-arg]


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
        (architecture.imported_tests, "tests/goals/test_tasks.py", "from tests.goals.test_goals import made"),
        (architecture.imported_tests, "tests/goals/people.py", "from tests.goals import test_goals"),
        (architecture.imported_tests, "tests/goals/people.py", "import tests.goals.test_goals"),
        (architecture.asserted_times, "tests/test_x.py", "def test_x():\n    assert time.monotonic() - 1 < 2"),
        (architecture.asserted_times, "tests/test_x.py", "def test_x():\n    assert time.perf_counter() < until"),
        (architecture.asserted_times, "tests/test_x.py", f"def test_x():\n{MEASURED}\n    assert took < 2"),
        (architecture.asserted_times, "tests/test_x.py", f"def test_x():\n{GATHERED}\n    assert min(took) < 2"),
        (architecture.asserted_times, "tests/test_x.py", f"def test_x():\n{CALLED}\n    assert took() < 2"),
        (architecture.key_attributes, "functions/goals/api.py", "item['GSI1PK']"),
        (architecture.key_attributes, "functions/goals/api.py", "key = {'SK': 'GOAL#1'}"),
    ],
)
def test_each_check_catches_what_it_is_for(check: Check, path: str, text: str):
    assert len(list(check(path, text))) == 1


def test_a_failure_names_every_file():
    with pytest.raises(AssertionError, match=r"(?s)functions/goals/one\.py.*functions/goals/two\.py"):
        hold(architecture.aws_imports, {f"functions/goals/{name}.py": "import boto3" for name in ("one", "two")})


def test_one_module_more_crowds_a_folder():
    full = [f"shared/{number}.py" for number in range(24)]

    assert list(architecture.crowded_folders([*full, "shared/__init__.py", "shared/api/rest.py"])) == []
    assert list(architecture.crowded_folders([*full, "shared/one_more.py"])) == ["shared holds 25 modules"]


def test_the_third_module_makes_a_prefix_a_folder():
    two = ["shared/task.py", "shared/task_routes.py", "shared/tasks.py", "shared/api/task_replies.py"]

    assert list(architecture.prefixes_that_are_folders(two)) == []
    assert list(architecture.prefixes_that_are_folders([*two, "shared/task_shapes.py"])) == [
        "shared: 3 modules begin with task"
    ]


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (architecture.imported_tests, "tests/goals/test_tasks.py", "from tests.goals.people import Person"),
        (architecture.asserted_times, "tests/test_x.py", "def test_x():\n    assert expires_at == int(NOW) + 300"),
        (architecture.asserted_times, "tests/test_x.py", f"def test_x():\n{MEASURED}\n    assert answer == 2"),
        (architecture.too_long_file, "shared/long.py", "x = 1\n" * 300),
        (architecture.too_long_functions, "shared/long.py", "def f():\n" + "    pass\n" * 39),
        (architecture.vague_name, "shared/database.py", ""),
        (architecture.aws_imports, "functions/goals/goals.py", "if TYPE_CHECKING:\n    import boto3"),
        (architecture.key_attributes, "functions/goals/api.py", "item['TASK']"),
    ],
)
def test_no_check_catches_more(check: Check, path: str, text: str):
    assert list(check(path, text)) == []
