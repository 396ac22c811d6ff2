"""Leads out of a file, as a job: cut, written part by part, and reported row by row."""

import csv
import io
from typing import Any

import pytest

from functions.audience.imports import cuts, imports, reports, rights
from functions.identity.scopes import SCOPES
from tests.audience.imports.conftest import joins
from tests.audience.imports.working import (
    announced,
    begun,
    does,
    file_of,
    imported,
    job_of,
    lines_of,
    report_of,
    requested,
    rounds,
    sent,
    waiting,
    works,
)
from tests.audience.people import Person
from tests.aws.messages import batch
from tests.webhooks.people import stored_events

pytestmark = pytest.mark.usefixtures("stage")


def sheet(*rows: dict[str, Any]) -> str:
    """Return rows as CSV."""
    text = io.StringIO()
    columns = [*dict.fromkeys(name for row in rows for name in row)]
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def people(count: int) -> str:
    return sheet(*({"email": f"p{number}@example.org", "name": f"Person {number}"} for number in range(count)))


def lead(person: Person, email: str) -> dict[str, Any]:
    (found,) = person.get("/leads", f"email={email}").body["items"]
    return dict(found)


def test_a_file_is_announced_sent_started_and_reported(ada: Person):
    ada.creates(emails=["there@example.org"], name="There")
    body = sheet(
        {"email": "new@example.org", "name": "New"},
        {"email": "there@example.org", "name": "There"},
        {"email": "there@example.org", "name": "Changed"},
        {"email": "nobody", "name": "Nobody"},
    )
    done = imported(ada, body)
    report = report_of(ada, done["import_id"])

    assert (done["status"], done["rows"], done["rows_done"], done["has_report"]) == ("completed", 4, 4, True)
    assert done["results"] == {"inserted": 1, "updated": 1, "unchanged": 1, "conflict": 0, "invalid": 1}
    assert [(each["row"], each["result"]) for each in report] == [
        (1, "inserted"),
        (2, "unchanged"),
        (3, "updated"),
        (4, "invalid"),
    ]
    assert report[3]["errors"][0]["field"] == "emails.0"
    assert lines_of(ada, done["import_id"]) == report
    assert lead(ada, "there@example.org")["name"] == "Changed"


def test_the_same_file_again_changes_nothing(ada: Person):
    body = people(30)
    first, second = imported(ada, body), imported(ada, body)

    assert (first["results"]["inserted"], second["results"]["unchanged"]) == (30, 30)


@pytest.mark.parametrize("seed", range(6))
def test_the_later_row_wins_whatever_part_runs_first(ada: Person, monkeypatch: pytest.MonkeyPatch, seed: int):
    monkeypatch.setattr(cuts, "PART_ROWS", 2)
    rows = [{"email": f"p{number}@example.org", "name": f"Person {number}", "phone": ""} for number in range(12)]
    rows[0] = {"email": "one@example.org", "name": "First", "phone": "020 7946 0001"}
    rows[5] = {"email": "", "name": "By phone", "phone": "020 7946 0001"}
    rows[8] = {"email": "one@example.org", "name": "By mail", "phone": ""}
    rows[11] = {"email": "one@example.org", "name": "Last", "phone": "020 7946 0002"}
    done = imported(ada, sheet(*rows), seed=seed)
    report = report_of(ada, done["import_id"], limit=5)
    read = lead(ada, "one@example.org")

    assert [each["row"] for each in report] == [*range(1, 13)]
    assert [report[each]["result"] for each in (0, 5, 8, 11)] == ["inserted", "updated", "updated", "updated"]
    assert len({report[each]["lead_id"] for each in (0, 5, 8, 11)}) == 1
    assert (read["name"], read["phones"]) == ("Last", ["+442079460001", "+442079460002"])


@pytest.mark.parametrize("seed", range(4))
def test_rows_about_one_lead_that_share_nothing_are_written_in_order_too(
    ada: Person, monkeypatch: pytest.MonkeyPatch, seed: int
):
    monkeypatch.setattr(cuts, "PART_ROWS", 1)
    ada.creates(emails=["one@example.org"], external_id="crm-1", phones=["020 7946 0001"])
    rows = [
        {"email": "one@example.org", "external_id": "", "phone": "", "name": "First"},
        {"email": "", "external_id": "crm-1", "phone": "", "name": "Second"},
        {"email": "", "external_id": "", "phone": "020 7946 0001", "name": "Third"},
    ]
    imported(ada, sheet(*rows), seed=seed)

    assert lead(ada, "one@example.org")["name"] == "Third"


def test_a_lead_in_very_many_rows_is_written_in_order(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cuts, "PART_ROWS", 2)
    rows = [{"email": "one@example.org", "name": f"Name {number}"} for number in range(25)]
    done = imported(ada, sheet(*rows), seed=1)

    assert lead(ada, "one@example.org")["name"] == "Name 24"
    assert done["results"] == {"inserted": 1, "updated": 24, "unchanged": 0, "conflict": 0, "invalid": 0}


def test_a_part_that_comes_twice_reports_its_first_result(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cuts, "PART_ROWS", 5)
    import_id = begun(ada, people(20))
    for batches in rounds(ada, import_id):
        for each in [*batches, *batches]:
            does(each)

    assert {each["result"] for each in report_of(ada, import_id)} == {"inserted"}
    assert ada.get(f"/lead-imports/{import_id}").body["results"]["inserted"] == 20
    assert len([each for each in stored_events() if each.event_type == "audience.lead.imported"]) == 4


def test_a_dry_run_writes_nothing(ada: Person):
    there = ada.creates(emails=["p1@example.org"])
    done = imported(ada, people(3), is_dry_run=True)
    report = report_of(ada, done["import_id"])

    assert [(each["result"], each["lead_id"]) for each in report] == [
        ("inserted", None),
        ("updated", there["lead_id"]),
        ("inserted", None),
    ]
    assert [each["lead_id"] for each in ada.get("/leads").body["items"]] == [there["lead_id"]]
    assert ada.reads(there["lead_id"]) == there


def test_an_import_cannot_start_before_its_file_is_there_and_starts_once(ada: Person):
    body = people(1).encode()
    import_id = announced(ada, body)["import_id"]
    early = ada.post(f"/lead-imports/{import_id}/start")
    sent(ada, import_id, body)
    twice = [ada.post(f"/lead-imports/{import_id}/start").status for _ in range(2)]

    assert (early.status, early.body["code"]) == (409, "NotUploaded")
    assert (twice, len(requested(ada, import_id)["Records"])) == ([202, 202], 1)
    assert ada.get(f"/lead-imports/{import_id}/report").body["code"] == "ReportNotReady"


def test_a_cancelled_import_ends_after_the_parts_that_it_is_at(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cuts, "PART_ROWS", 2)
    monkeypatch.setattr(imports, "MOST_WAITING", 3)
    import_id = begun(ada, people(20))
    does(requested(ada, import_id))
    for _ in range(2):
        for body in waiting():
            does_all(body)
    cancelled = ada.post(f"/lead-imports/{import_id}/cancel")
    written = ada.get(f"/lead-imports/{import_id}").body["rows_done"]
    for batches in iter_waiting():
        does_all(*batches)
    ended = ada.get(f"/lead-imports/{import_id}").body

    assert (cancelled.status, cancelled.body["is_cancelled"]) == (200, True)
    assert (ended["status"], ended["rows_done"]) == ("cancelled", written)
    assert len(report_of(ada, import_id)) == written
    assert ada.post(f"/lead-imports/{import_id}/cancel").status == 200


@pytest.mark.parametrize("role", ["member", "viewer", "guest"])
def test_an_import_ends_when_its_owner_may_write_leads_no_more(ada: Person, role: str):
    import_id = begun(ada, people(3))
    does(requested(ada, import_id))
    joins(ada, role)
    for batches in iter_waiting():
        does_all(*batches)
    ended = ada.get(f"/lead-imports/{import_id}").body

    assert (ended["status"], ended["reason"], ended["rows_done"]) == ("failed", "not_allowed", 0)
    assert ada.get("/leads").body["items"] == []


def test_those_may_import_whose_role_has_the_scope():
    assert {role for role, scopes in SCOPES.items() if "audience:write" in scopes} == rights.WRITERS


def test_an_import_belongs_to_who_asked_for_it(ada: Person, eve: Person):
    import_id = begun(ada, people(1))
    asked = [
        eve.get(f"/lead-imports/{import_id}"),
        eve.get(f"/lead-imports/{import_id}/report"),
        eve.post(f"/lead-imports/{import_id}/start"),
        eve.post(f"/lead-imports/{import_id}/cancel"),
    ]

    assert {each.status for each in asked} == {404}
    assert eve.get("/lead-imports").body["items"] == []
    assert [each["import_id"] for each in ada.get("/lead-imports").body["items"]] == [import_id]
    assert ada.holding("audience:read").post("/lead-imports", {}).status == 403


def test_opt_outs_never_become_consent(ada: Person):
    made = ada.creates(emails=["p0@example.org"], consent={"email": "denied"})
    imported(ada, sheet({"email": "p0@example.org", "consent.email": "granted"}))

    assert ada.reads(made["lead_id"])["consent"]["email"]["state"] == "denied"


def test_a_report_is_read_page_by_page_whatever_is_wrong_with_rows(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reports, "_LONGEST_LINE", 1024)
    rows = [{"email": f"{'ä' * 300};{'ö' * 300};{'ü' * 300};p@example.org", "name": "é" * 900} for _ in range(12)]
    done = imported(ada, sheet(*rows))
    report = report_of(ada, done["import_id"], limit=4)

    assert [each["row"] for each in report] == [*range(1, 13)]
    assert {len(each["errors"]) for each in report} == {3}
    assert ada.get(f"/lead-imports/{done['import_id']}/report", "cursor=foreign").status == 400


def test_the_report_is_a_file_of_the_job(ada: Person):
    done = imported(ada, people(3))

    assert len(file_of(ada, done["import_id"]).splitlines()) == 3
    assert job_of(ada, done["import_id"]).scope == "audience:write"
    works(ada, done["import_id"])


def does_all(*given: Any) -> None:
    for each in given:
        assert does(batch([each]) if isinstance(each, str) else each) == {"batchItemFailures": []}


def iter_waiting() -> Any:
    while bodies := waiting():
        yield bodies
