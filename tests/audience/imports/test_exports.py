"""Leads out: at once as CSV where they are few, by a job as JSON lines or CSV."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.audience.imports import exports, mapping, records
from functions.audience.leads import exporting
from tests.audience.damaged import damage
from tests.audience.imports.working import file_of, imported, job_of, lines_of, works
from tests.audience.people import Person
from tests.infra.permissions import allowed, used

__all__ = ["used"]

pytestmark = pytest.mark.usefixtures("stage")

LEAD = {
    "external_id": "=HYPERLINK(1)",
    "name": '@Ada, "the" first',
    "emails": ["a@example.org", "b@example.org"],
    "phones": ["+442079460958"],
    "tags": ["-vip"],
    "consent": {"email": "denied"},
    "metadata": {"company": {"size": 12}},
    "total_spend": 12.5,
}


def exported(person: Person, form: str = "jsonl") -> str:
    answer = person.post("/leads/export", {"format": form})
    assert answer.status == 202, answer.body
    works(person, answer.body["job_id"])
    return str(answer.body["job_id"])


def cells(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text, newline=""))]


def test_json_lines_have_what_callers_see_of_each_lead(ada: Person, eve: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "PART_LEADS", 2)
    made = [ada.creates(**LEAD), *(ada.creates(external_id=str(number)) for number in range(4))]
    eve.creates(external_id="a")
    job_id = exported(ada)
    job = job_of(ada, job_id)

    assert sorted(lines_of(ada, job_id), key=lambda each: str(each["lead_id"])) == sorted(
        made, key=lambda each: str(each["lead_id"])
    )
    assert (job.status, job.done, job.unit, job.scope) == ("completed", 5, "leads", "audience:read")


def test_no_cell_of_a_sheet_is_a_formula(ada: Person):
    ada.creates(**LEAD)
    (by_job,) = cells(file_of(ada, exported(ada, "csv")).decode())
    (at_once,) = cells(ada.get("/leads/export").body)

    assert at_once == by_job
    assert (by_job["external_id"], by_job["tags"]) == ("'=HYPERLINK(1)", "'-vip")
    assert (by_job["name"], by_job["phones"]) == ('\'@Ada, "the" first', "+442079460958")
    assert (by_job["emails"], by_job["total_spend"]) == ("a@example.org;b@example.org", "12.5")
    assert '"denied"' in by_job["consent"]


HOSTILE = st.text(st.sampled_from("=+-@|\t \"'a1,."), min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.lists(st.tuples(HOSTILE, HOSTILE, st.lists(HOSTILE, max_size=3)), min_size=1, max_size=4))
@settings(max_examples=200)
def test_an_exported_sheet_is_read_as_it_was_written(leads: list[tuple[str, str, list[str]]]) -> None:
    fields = {"external_id": "external_id", "name": "name", "tags": "tags"}
    empty = dict.fromkeys(exporting.COLUMNS)
    sent = [{"external_id": one, "name": name, "tags": tags} for one, name, tags in leads]
    text = exporting.written([{**empty, **each} for each in sent], "csv", with_columns=True).decode()
    columns, rows = records.sheet(io.StringIO(text, newline=""), None)
    wanted = mapping.fields(columns, fields)
    read = [mapping.of_cells(each, wanted) for each in rows]

    assert [{**each, "tags": each.get("tags", [])} for each in read] == sent


def test_a_file_of_leads_that_is_imported_again_leaves_all_unchanged(ada: Person):
    ada.creates(**LEAD | {"name": "'=quoted", "tags": ["-vip", "'+x"]})
    ada.creates(external_id="+x-1", emails=["+y@example.org"], name="|=tab")
    text = file_of(ada, exported(ada, "csv")).decode()
    fields = {each: each for each in ("external_id", "name", "emails", "phones", "tags", "total_spend")}

    assert imported(ada, text, mapping=fields)["results"]["unchanged"] == 2


def test_too_many_leads_for_one_answer_are_exported_by_a_job(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 1)
    assert cells(ada.get("/leads/export").body) == []
    for each in "ab":
        ada.creates(external_id=each)
    refused = ada.get("/leads/export")

    assert (refused.status, refused.body["code"]) == (422, "TooManyLeads")
    assert len(lines_of(ada, exported(ada))) == 2


def test_an_export_that_is_too_large_fails(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "MOST_BYTES", 10)
    ada.creates(external_id="a")
    job = job_of(ada, exported(ada))

    assert (job.status, job.reason) == ("failed", "too_large")


def test_who_only_writes_leads_does_not_export_them(ada: Person):
    assert ada.holding("audience:admin").post("/leads/export", {}).status == 202
    assert ada.holding("audience:read").post("/leads/export", {}).status == 403
    assert ada.holding("audience:write").post("/leads/export", {}).status == 403
    assert ada.holding("audience:write").get("/leads/export").status == 403


def test_its_function_calls_what_its_role_allows(ada: Person, used: set[str]):
    ada.imports({"external_id": "x-1", "emails": ["old@example.org"]})
    damage(ada, ada.creates(external_id="damaged")["lead_id"])
    used.clear()
    text = "external_id,email\n" + "".join(f"x-{number},p{number}@example.org\n" for number in range(3))
    imported(ada, text)
    imported(ada, "email,external_id\nold@example.org,x-9\n")
    exported(ada)
    works(ada, ada.post("/leads/recount", {"repair": True}).body["job_id"])
    used.discard("Scan")

    assert used == allowed("functions.audience.imports.consumers.handler")
