"""The main job of an audience on the deployed stage: people of a file, a segment, a campaign, receipts, and figures.

The provider fails, hands messages back, takes some without an answer, and tells of everything twice and in any order.
"""

import hashlib
import json
from typing import Any

from infra.stage import provider
from infra.stage.client import call
from infra.stage.provider import Running
from tests.aws import signed
from tests.e2e.dashboard import Person
from tests.e2e.endpoints import until

PEOPLE = 200
MOOD = {
    "chances": {"busy": 0.05, "unavailable": 0.05, "drop": 0.03, "gateway": 0.03, "refuse": 0.04},
    "receipts": {"opened": 0.2, "early": 0.1, "delay_seconds": 1.0, "shuffled": True, "times": 2},
}
EVERYBODY = {"type": "condition", "field": "emails", "operator": "IS_SET"}
DRAFT = {
    "name": "Spring",
    "channel": "email",
    "purpose": "transactional",
    "subject": "Hello {{ name }}",
    "message_template": "It is spring, {{ name }}.",
}
OVER = {"completed", "failed", "cancelled"}


def test_people_of_a_file_are_told_once_and_the_figures_are_those_of_the_provider(ada: Person) -> None:
    imported = imports(ada)
    segment = ada.ask("POST", "segments", {"name": "Everybody", "rule_ast": EVERYBODY})
    preview = ada.ask("POST", "segments/preview", {"rule_ast": EVERYBODY})

    def ask(method: str, path: str, body: Any) -> Any:
        return ada.ask(method, path.removeprefix("/api/v1/"), body)

    with provider.running(ada.api_url, ask, arguments=["--mood", json.dumps(MOOD)]) as runs:
        made = ada.ask("POST", "campaigns", {**DRAFT, "segment_id": segment["segment_id"]})
        path = f"campaigns/{made['campaign_id']}"
        ada.ask("PUT", f"{path}/status", {"status": "running", "confirm_all": True})
        ended = later(lambda: ada.ask("GET", path)["status"] in OVER)
        knows = report(runs)

        def is_heard() -> bool:
            counts = ada.ask("GET", f"{path}/stats")["counts"]
            return bool(counts["delivered"] + counts["opened"] == knows["taken"])

        heard = later(is_heard)
    stats = ada.ask("GET", f"{path}/stats")
    recount = ada.ask("POST", f"{path}/recount", {})

    assert (imported["status"], imported["results"]["inserted"], preview["count"]) == ("completed", PEOPLE, PEOPLE)
    assert (ended, ada.ask("GET", path)["status"]) == (True, "completed")
    assert (knows["messages"], knows["taken_twice"]) == (PEOPLE, 0)
    assert knows["taken"] == PEOPLE - stats["counts"]["failed"]
    assert (heard, recount["differences"]) == (True, [])
    assert sum(stats["counts"].values()) == stats["audience"] == PEOPLE


def imports(person: Person) -> dict[str, Any]:
    """Import a file of people, and return what became of it."""
    lines = ["external_id,email,name"]
    lines += [f"x{each},person-{each}@example.org,Person {each}" for each in range(PEOPLE)]
    body = "\n".join(lines).encode()
    sent = {"file_name": "people.csv", "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    begun = person.ask("POST", "lead-imports", sent)
    signed.put(begun["upload"]["url"], body, begun["upload"]["headers"]).raise_for_status()
    path = f"lead-imports/{begun['import']['import_id']}"
    person.ask("POST", f"{path}/start")
    later(lambda: person.ask("GET", path)["status"] in OVER)
    return dict(person.ask("GET", path))


def later(came: Any) -> bool:
    """Return whether something came, in minutes on two cores that run everything."""
    return any(until(came) for _ in range(3))


def report(runs: Running) -> dict[str, Any]:
    """Return what the provider says of the calls that it had."""
    return dict(call("GET", runs.url.replace("/webhook", "/report")).json())
