"""Files that nobody wrote by hand: they spoil their own rows, or are refused, and take neither time nor memory."""

import gzip
import io
import zipfile
from typing import Any

import pytest

from functions.audience.imports import cuts, progress, records, texts
from tests.audience.imports.working import imported, job_of, report_of
from tests.audience.people import Person

pytestmark = pytest.mark.usefixtures("stage")

BOB = "b@example.org,Bob\n"


def zipped(content: bytes) -> bytes:
    """Return a ZIP file with one file in it."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", content)
    return written.getvalue()


@pytest.mark.parametrize("delimiter", [None, ","])
def test_a_file_whose_every_line_begins_a_row_that_never_ends_is_not_read_again_for_each(
    monkeypatch: pytest.MonkeyPatch, delimiter: str | None
):
    monkeypatch.setattr(records, "LONGEST_ROW", 1_000)
    monkeypatch.setattr(records, "_MOST_AGAIN", 1_000)
    lines = ["email,name\n", *['x","\n'] * 3_000, BOB]
    _, rows = records.sheet(lines, delimiter)

    assert 0 < len([*rows]) < 100


def test_a_row_that_never_ends_and_is_too_long_keeps_no_other_out(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(records, "LONGEST_ROW", 200)
    done = imported(ada, 'email,name\nx","\n' + f'"{"y" * 100}\n' * 3 + BOB)

    assert (done["status"], done["results"]["inserted"]) == ("completed", 1)


@pytest.mark.parametrize("text", ["x" * 500, "x," * 250, "é" * 500])
def test_a_line_that_is_too_long_is_one_row_that_cannot_be_read(
    ada: Person, monkeypatch: pytest.MonkeyPatch, text: str
):
    monkeypatch.setattr(records, "LONGEST_ROW", 100)
    done = imported(ada, f"email,name\n{text}\n{BOB}")

    assert [each["result"] for each in report_of(ada, done["import_id"])] == ["invalid", "inserted"]


def test_of_a_line_no_more_is_read_than_is_kept():
    text = io.StringIO("aaaaaaaaa\r\nbb\nccccc\rddd\n", newline="")

    assert [each.strip() for each in texts.lines(text, longest=4) if each.strip()] == ["aaaa", "bb", "cccc", "ddd"]


def test_long_rows_are_few_in_a_part(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cuts, "_MOST_OF_A_PART", 1_000)
    monkeypatch.setattr(cuts, "_MOST_AT_ONCE", 2_000)
    rows = "".join(f"p{number}@example.org,{'x' * (600 if number < 6 else 1)}\n" for number in range(12))
    done = imported(ada, f"email,metadata.note\n{rows}")
    cut = job_of(ada, done["import_id"]).position["cut"]

    assert (done["results"]["inserted"], progress.of(ada.tenant_id, cut).parts) == (12, 4)
    assert [each["row"] for each in report_of(ada, done["import_id"])] == [*range(1, 13)]


@pytest.mark.parametrize("mapping", [{"email": "email"}, {}], ids=["mapped", "not mapped"])
def test_a_sheet_may_have_ten_thousand_columns(ada: Person, mapping: dict[str, str]):
    columns = ",".join(["email", *(f"metadata.c{number}" for number in range(9_999))])
    done = imported(ada, f"{columns}\nb@example.org,1{',' * 9_998}\n", mapping=mapping)

    assert done["results"]["inserted"] == 1


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (r'{"emails": ["a@example.org"], "name": "\ud800"}', "name"),
        (r'{"emails": ["a@example.org"], "metadata": {"\udc00": 1}}', "metadata"),
        (r'{"emails": ["a@example.org"], "\ud800": 1}', ""),
        ('{"emails": ["a@example.org"], "visits": 1e999}', "visits"),
        ('{"emails": ["a@example.org"], "metadata": {"a": NaN}}', "metadata"),
        ('{"emails": ["a@example.org"], "metadata": {"a": ' + "[" * 900 + "]" * 900 + "}}", "metadata"),
    ],
)
def test_a_value_that_cannot_be_kept_spoils_its_row_only(ada: Person, row: str, field: str):
    done = imported(ada, f'{row}\n{{"emails": ["b@example.org"]}}\n', media_type="application/jsonl")
    first, second = report_of(ada, done["import_id"])

    assert (first["result"], second["result"]) == ("invalid", "inserted")
    assert [each["field"] for each in first["errors"]] == [field]


@pytest.mark.parametrize(
    ("content", "asked", "reason"),
    [
        (zipped(b"0" * 3_000_000), {}, "not_text"),
        (gzip.compress(b"email\na@example.org\n", mtime=0), {}, "columns_unknown"),
        (b"\xef\xbb\xbf", {}, "no_rows"),
        (b"email\0,name\na@example.org,A\n", {}, "columns_unknown"),
        (b"E,Name,Name\na@example.org,A,B\n", {"mapping": {"E": "email", "Name": "name"}}, "columns_unknown"),
    ],
    ids=["zip bomb", "gzip", "mark only", "NUL", "column twice"],
)
def test_what_is_no_sheet_is_refused(ada: Person, content: bytes, asked: dict[str, Any], reason: str):
    done = imported(ada, content, **asked)

    assert (done["status"], done["reason"]) == ("failed", reason)


def test_headings_that_come_again_are_a_row_that_is_refused(ada: Person):
    done = imported(ada, f"email,name\nemail,name\n\0\n{BOB}")

    assert [each["result"] for each in report_of(ada, done["import_id"])] == ["invalid", "invalid", "inserted"]


def test_columns_of_one_heading_are_joined_where_the_field_takes_several(ada: Person):
    imported(ada, "Mail,Mail\na@example.org,b@example.org\n", mapping={"Mail": "email"})

    assert ada.get("/leads").body["items"][0]["emails"] == ["a@example.org", "b@example.org"]
