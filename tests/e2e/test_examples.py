"""The examples, run as they stand there, against the deployed stage: the ten most wanted things in three languages."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.demo.account import Account
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn, sign_in
from tests.aws import ports

EXAMPLES = Path(__file__).parents[2] / "examples"
LANGUAGES = {"curl": ("bash", "sh"), "python": (sys.executable, "py"), "javascript": ("node", "mjs")}
INSTANT = r"20\d\d-\d\d-\d\dT[\d:]{8}\.\d{3}Z"
ID = r"[0-9a-f-]{36}"
SECONDS = 240

SAYS = {
    "sign_in": r"""
Signed in as .+@milepost\.example\.
The next token is good for 900 seconds\.
Signed out\.""",
    "set_goal": r"""
Buy shoes, weight 1
Run 10 km, weight 3
Run 30 km, weight 6
0 of 3 tasks of Run a marathon""",
    "complete_task": rf"""
(Buy shoes completed at {INSTANT})
\1""",
    "list_progress": r"""
(\d+\.\d\d % .+
){3,}\d+\.\d\d % .+""",
    "read_milestones": rf"""
First Quarter: reached {INSTANT}, predicted (None|null)
Halfway Point: reached (None|null), predicted 2031-01-01T00:00:00\.000Z
Three Quarters: reached (None|null), predicted 2036-01-01T00:00:00\.000Z
Complete: reached (None|null), predicted (None|null)
Latest: .+ of .+""",
    "import_history": r"""
First Quarter: 2025-03-01T12:00:00\.000Z
Halfway Point: 2025-03-01T12:00:00\.000Z
Three Quarters: 2025-08-01T12:00:00\.000Z
Complete: 2025-08-01T12:00:00\.000Z""",
    "share_picture": r"""
The badge is image/svg\+xml.*\.
After the link has ended it is 404\.""",
    "read_forecast": r"""
\d+ samples, now 8 of 10
Even chances by 20\d\d-\d\d-\d\d, fairly sure by 20\d\d-\d\d-\d\d""",
    "track_milestone": rf"""
users waits for {ID}
0 of 2 completed, next due 2030-12-31""",
    "receive_webhook": r"""
verified: goals\.goal\.completed \{.*goal_id.*""",
}


@pytest.fixture(scope="module")
def somebody(stack: Addresses) -> SignIn:
    """Somebody with enough goals for a second page, and with a password that JSON and shells must be careful with."""
    email, password = f"{secrets.token_hex(8)}@milepost.example", f'{secrets.token_hex(8)} "$HOME" \\'
    me = sign_in(api_url=stack.api_url, email=email, password=password, display_name="Newcomer")
    account = Account(api_url=stack.api_url, token=me.access_token)
    for title in ("Read", "Write", "Reckon", "Rest"):
        account.post("/api/v1/goals", {"title": title}, idempotency_key=title)
    return me


@pytest.fixture
def environment(stack: Addresses, somebody: SignIn) -> dict[str, str]:
    """What the examples are told."""
    port = ports.free()
    return {
        # The Python of these tests first: the one of the machine may be too old.
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "NO_PROXY": "127.0.0.1",
        "RECEIVER_PORT": str(port),
        "MILEPOST_API": f"{stack.api_url}/api/v1",
        "MILEPOST_EMAIL": somebody.email,
        "MILEPOST_PASSWORD": somebody.password,
        "MILEPOST_TOKEN": somebody.access_token,
    }


def ran(language: str, name: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program, suffix = LANGUAGES[language]
    script = str(EXAMPLES / language / f"{name}.{suffix}")
    return subprocess.run(
        [program, script], env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAYS)
def test_an_example_says_what_it_did(name: str, language: str, environment: dict[str, str]) -> None:
    example = ran(language, name, environment)

    assert (example.returncode, example.stderr) == (0, "")
    assert re.fullmatch(SAYS[name].strip(), example.stdout.strip()), example.stdout


def test_no_command_line_of_an_example_holds_a_secret(environment: dict[str, str], tmp_path: Path) -> None:
    told, curl = tmp_path / "told", tmp_path / "curl"
    curl.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>"{told}"\nexec "{shutil.which("curl")}" "$@"\n')
    curl.chmod(0o700)
    ran("curl", "sign_in", environment | {"PATH": f"{tmp_path}:{environment['PATH']}"})

    assert told.read_text().count("/auth/") == 4
    assert re.findall(r"Bearer|eyJ|refresh_token|password", told.read_text()) == []


def test_a_refusal_ends_an_example_with_the_words_of_the_api(environment: dict[str, str]) -> None:
    wrong = environment | {"MILEPOST_PASSWORD": "wrong"}
    refused = {language: ran(language, "sign_in", wrong) for language in LANGUAGES}

    assert {language: run.returncode for language, run in refused.items() if run.returncode == 0} == {}
    assert {language for language, run in refused.items() if "InvalidCredentials" in run.stderr} == set(LANGUAGES)


def test_the_table_of_the_examples_names_each_in_each_language() -> None:
    table = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\((\w+/\w+\.\w+)\)", table)
    files = {f"{language}/{name}.{suffix}" for language, (_, suffix) in LANGUAGES.items() for name in SAYS}

    assert files <= set(linked)
    assert all((EXAMPLES / path).exists() for path in linked)
