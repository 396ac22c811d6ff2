"""The calls of the page for those who come from another system, run as they stand there, against the deployed stage."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from infra.local import summary
from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn

ROOT = Path(__file__).parents[2]
PAGE = ROOT.joinpath("docs", "coming-from.md").read_text(encoding="utf-8")
EMAIL = "admin@example.com"
# What FountainAI was asked, but for host and port.
ASKED_BEFORE = (
    '-X GET "$API/auth/me" -H "Authorization: Bearer $TOKEN"',
    '-X POST "$API/auth/generate"',
    '-X POST "$API/collections"',
    '-X POST "$API/sequence" -H "X-API-Key: $KEY" -H "$JSON" -d \'{"elementType":"script","elementId":1}\'',
)


@pytest.fixture
def said(stack: Addresses, sign_up: Callable[[], SignIn], tmp_path: Path) -> list[Any]:
    """The JSON documents that the calls of the page have answered; the first call that is refused ends them.

    Where the page waits for somebody to type the code, it is that of the mail.
    """
    (tmp_path / ".milepost").mkdir()
    summary.write_environment(tmp_path / ".milepost" / "env", addresses=stack, demo=sign_up())
    mailed = shlex.join([sys.executable, "-m", "tests.e2e.mails", stack.endpoint_url, EMAIL])
    begun = [
        "set -euo pipefail",
        'curl() { command curl --fail-with-body "$@"; }',
        f"read() {{ CODE=$(cd {shlex.quote(str(ROOT))} && {mailed}); }}",
    ]
    script = "\n".join([*begun, *re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)])
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    run = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return list(documents(run.stdout))


def test_the_calls_of_the_page_work_one_after_the_other(said: list[Any]) -> None:
    landing, health, registered, me, challenge, key, *numbered, version, collection, document, found, revoked = said
    first, second, reordered, renumbered = numbered

    assert (landing["name"], health["status"]) == ("Milepost", "ok")
    assert (registered["email"], registered["role"]) == (EMAIL, "owner")
    assert me["user_id"] == registered["user_id"]
    assert challenge.keys() == {"challenge_id", "expires_at"}
    assert (key["service_name"], key["key"][:4]) == ("service-a", "mlp_")
    assert [each["sequenceNumber"] for each in (first, second)] == [1, 2]
    assert placed(reordered) == {1: 2, 2: 1}
    assert placed(renumbered) == {1: 1, 2: 2}
    assert version["versionNumber"] == 2
    assert [each["name"] for each in collection["fields"]] == ["id", "text"]
    assert (document["id"], document["index"]["state"]) == ("script-1", "pending")
    assert {hit["document"]["id"] for hit in found["hits"]} <= {"script-1"}
    assert revoked == 204


def test_the_links_of_the_landing_answer_lead_somewhere(stack: Addresses) -> None:
    address = f"{stack.api_url}/api/v1"
    links = call("GET", address).json()["links"]

    assert {name: call("GET", urljoin(address, link)).status for name, link in links.items()} == dict.fromkeys(
        links, 200
    )


def documents(text: str) -> Iterator[Any]:
    """Yield the JSON documents of a text, whatever white space is between them."""
    decoder, rest = json.JSONDecoder(), text.lstrip()
    while rest:
        document, end = decoder.raw_decode(rest)
        yield document
        rest = rest[end:].lstrip()


def placed(answer: Any) -> dict[int, int]:
    """Return the numbers that elements have after a reorder."""
    return {each["elementId"]: each["newSequenceNumber"] for each in answer["reorderedElements"]}


def test_the_page_has_the_calls_of_before() -> None:
    assert [asked for asked in ASKED_BEFORE if asked not in PAGE] == []
