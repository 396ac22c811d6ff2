"""Files as programs write them: delimiters, encodings, line ends, quotation marks, JSON lines."""

import json
from typing import Any

import pytest

from functions.audience.imports import cuts, records
from tests.audience.imports.working import imported, report_of
from tests.audience.people import Person

pytestmark = pytest.mark.usefixtures("stage")

NAMED = "email{0}name\r\na@example.org{0}Zoë Ångström\r\nb@example.org{0}Bob\r\n"


def names(person: Person) -> set[str]:
    return {each["name"] for each in person.get("/leads").body["items"]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_delimiter_and_encoding_are_found_out(ada: Person, delimiter: str, encoding: str):
    done = imported(ada, NAMED.format(delimiter).encode(encoding))

    assert done["results"]["inserted"] == 2
    assert names(ada) == {"Zoë Ångström", "Bob"}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (NAMED.format(",").replace("\r\n", "\r"), {}),
        (NAMED.format(",").replace("\r\n", "\n").rstrip(), {}),
        ("sep=;\r\n" + NAMED.format(";"), {}),
        ('"sep=|"\n' + NAMED.format("|"), {}),
        ("\r\n , \r\n" + NAMED.format(",") + ",\r\n", {}),
        (NAMED.format(",").replace("org,Bob", "org,Bob,,"), {}),
        (
            "e,mail;name\r\na@example.org;Zoë Ångström\r\nb@example.org;Bob\r\n",
            {"mapping": {"e,mail": "email", "name": "name"}},
        ),
        (NAMED.format("|"), {"delimiter": "|"}),
    ],
    ids=["mac", "no end", "sep", "quoted sep", "blank lines", "trailing", "comma in a column", "said"],
)
def test_a_file_of_any_program_is_read(ada: Person, text: str, asked: dict[str, Any]):
    done = imported(ada, text, **asked)

    assert (done["status"], done["results"]["inserted"]) == ("completed", 2), done
    assert names(ada) == {"Zoë Ångström", "Bob"}


def test_an_encoding_that_is_said_is_taken(ada: Person):
    imported(ada, NAMED.format(",").encode("mac-roman"), encoding="mac-roman")

    assert names(ada) == {"Zoë Ångström", "Bob"}


def test_a_quoted_cell_may_have_a_thousand_line_breaks(ada: Person):
    note = "\n".join(f"line {number}" for number in range(1001))
    done = imported(ada, f'email,metadata.note\na@example.org,"{note}"\nb@example.org,short\n')
    read = {each["emails"][0]: each["metadata"]["note"] for each in ada.get("/leads").body["items"]}

    assert done["results"]["inserted"] == 2
    assert read == {"a@example.org": note, "b@example.org": "short"}


def test_a_row_that_cannot_be_read_keeps_no_other_out(ada: Person):
    rows = ['a@example.org,"Anna', "b@example.org,Bob", "c@example.org,C,more", "d@example.org"]
    text = "\n".join(["email,name", *rows, 'e@example.org,Eve "E" Lee'])
    done = imported(ada, text)
    report = report_of(ada, done["import_id"])

    assert [each["result"] for each in report] == ["invalid", "inserted", "invalid", "invalid", "inserted"]
    assert "quotation marks" in report[0]["errors"][0]["field"]
    assert names(ada) == {"Bob", 'Eve "E" Lee'}


def test_a_quotation_mark_that_never_closes_spoils_one_row_of_a_large_file(
    ada: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(records, "LONGEST_CELL", 2_000)
    rows = "".join(f"p{number}@example.org,Person {number}\n" for number in range(300))
    done = imported(ada, f'email,name\n"broken@example.org,Nobody\n{rows}')

    assert (done["results"]["invalid"], done["results"]["inserted"]) == (1, 300)


def test_columns_are_mapped_joined_and_left_out(ada: Person):
    text = "E-Mail,Second  mail,Company,Opt-in,Ignored\na@example.org,b@example.org,Engines,granted,x\n"
    mapping = {
        "E-Mail": "email",
        "Second mail": "email",
        "Company": "metadata.company.name",
        "Opt-in": "consent.email",
    }
    imported(ada, text, mapping=mapping)
    (read,) = ada.get("/leads").body["items"]

    assert read["emails"] == ["a@example.org", "b@example.org"]
    assert (read["metadata"], read["consent"]["email"]["state"]) == ({"company": {"name": "Engines"}}, "granted")


def test_json_lines_are_leads_or_are_mapped(ada: Person):
    lines = [
        json.dumps({"emails": ["a@example.org"], "name": "A", "metadata": {"size": 1}}),
        "",
        "{",
        '["a"]',
        json.dumps({"emails": ["b@example.org"], "nothing": 1}),
    ]
    done = imported(ada, "\n".join(lines), media_type="application/jsonl")
    mapped = imported(
        ada,
        json.dumps({"Mail": "c@example.org", "Visits": 3, "Other": 1}),
        media_type="application/jsonl",
        mapping={"Mail": "email", "Visits": "visits"},
    )
    (read,) = ada.get("/leads", "email=c@example.org").body["items"]

    assert [each["result"] for each in report_of(ada, done["import_id"])] == [
        "inserted",
        "invalid",
        "invalid",
        "invalid",
    ]
    assert (mapped["results"]["inserted"], read["visits"]) == (1, 3)


@pytest.mark.parametrize(
    ("content", "asked", "reason"),
    [
        (b"email,name\n", {}, "no_rows"),
        (b"\n", {}, "no_rows"),
        (b"email,nothing\na@example.org,x\n", {}, "columns_unknown"),
        (b"email,email\na@example.org,x\n", {}, "columns_unknown"),
        (b"email,name\na@example.org,x\n", {"mapping": {"E-Mail": "email"}}, "columns_unknown"),
        (b"email\n" + b"\x81\x8d\x8f" * 10, {}, "not_text"),
        (b"email\n\xff\n", {"encoding": "utf-8"}, "not_text"),
        (b"email\n" + b"a@example.org\n" * 4, {}, "too_many_rows"),
    ],
)
def test_a_file_that_cannot_be_imported_says_why(
    ada: Person, monkeypatch: pytest.MonkeyPatch, content: bytes, asked: dict[str, Any], reason: str
):
    monkeypatch.setattr(cuts, "MOST_ROWS", 3)
    done = imported(ada, content, **asked)

    assert (done["status"], done["reason"], done["rows_done"]) == ("failed", reason, 0)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"A": "nothing"}, "is not a column"),
        ({"A": "name", "B": "name"}, "several columns"),
        ({"A": "metadata.a.b.c.d.e"}, "deeper"),
    ],
)
def test_a_mapping_to_what_no_lead_has_is_refused(ada: Person, mapping: dict[str, str], said: str):
    sent = {"file_name": "x.csv", "size": 1, "sha256": "0" * 64, "mapping": mapping}
    refused = ada.post("/lead-imports", sent)

    assert (refused.status, refused.fields) == (422, ["mapping"])
    assert said in str(refused.body["errors"])
