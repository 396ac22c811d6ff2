"""What of collections goes on in the background: more fields, imports and exports, and waiting for their end."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.search.transfer import imports
from tests.aws.messages import batch, delivered
from tests.cli.shell import Shell
from tests.search.people import Backbone, stored_events
from tests.search.transfer.working import does, waiting

BOOKS = {
    "name": "books",
    "language": "en",
    "fields": [{"name": "title", "type": "string"}, {"name": "pages", "type": "int64", "optional": True}],
}
SHELF = [
    {"id": "emma", "title": "Emma\u2028\u009b", "pages": 474, "publisher": "Murray"},
    {"id": "moby", "title": "Moby-Dick", "pages": 635, "publisher": "Harper"},
]
PUBLISHER = {"name": "publisher", "type": "string", "facet": True, "optional": True}

File = Callable[..., str]

pytestmark = pytest.mark.usefixtures("search_stage")


def lines(*documents: Any) -> str:
    return "".join(json.dumps(document) + "\n" for document in documents)


def works() -> None:
    """Do all jobs to their end, and bring what they have written into the index."""
    for event in stored_events():
        if event.event_type == "jobs.job.requested":
            does(delivered([event]))
    while bodies := waiting():
        does(batch(bodies))
    Backbone().runs()


@pytest.fixture
def library(adas: Shell, file: File) -> Shell:
    """A machine of somebody who has a collection, and for whom work goes on while a command waits."""
    assert adas.types("collections", "create", file(json.dumps(BOOKS))).exit_code == 0
    adas.meanwhile = works
    return adas


@pytest.fixture
def shelf(library: Shell, file: File) -> Shell:
    """The same with two books in the collection."""
    ran = library.types("collections", "import", "books", file(lines(*SHELF), name="shelf.jsonl"))
    assert ran.exit_code == 0, ran.err
    library.requests.clear()
    library.pauses.clear()
    return library


def imported(shell: Shell, path: str, *options: str) -> Any:
    return shell.types("collections", "import", "books", path, "--json", *options)


def changed(shell: Shell, *options: str) -> Any:
    return shell.types("collections", "change", "books", *options)


def fields(shell: Shell) -> list[str]:
    return [each["name"] for each in shell.types("collections", "show", "books", "--json").json["fields"]]


def test_a_file_is_sent_imported_by_a_job_and_found(library: Shell, file: File):
    ran = imported(library, file(lines(*SHELF)))

    assert ran.exit_code == 0, ran.err
    assert [(line["row"], line["status"], line["id"]) for line in ran.lines] == [
        (1, "imported", "emma"),
        (2, "imported", "moby"),
    ]
    assert len(library.pauses) == 1
    assert [row[0] for row in library.types("collections", "search", "books", "moby").rows] == ["moby"]


def test_the_file_goes_to_its_signed_address_without_a_credential(library: Shell, file: File):
    imported(library, file(lines(*SHELF)))
    signed = [each for each in library.requests if "X-Amz-Signature" in each.url.params]

    assert [each.method for each in signed] == ["PUT", "GET"]
    assert [each.headers.get("authorization") for each in signed] == [None, None]
    assert signed[0].content.decode() == lines(*SHELF)
    assert "transfer-encoding" not in signed[0].headers


def test_a_terminal_shows_how_far_the_work_is(library: Shell, file: File, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    content = lines(*SHELF)
    ran = library.types("collections", "import", "books", file(content))

    assert f"/{len(content)}" in ran.err
    assert "2 imported" in ran.err


def test_documents_that_are_refused_are_told_by_their_lines(library: Shell, file: File, tmp_path: Path):
    report = tmp_path / "report.csv"
    path = file(lines(SHELF[0], {"id": "odd", "title": 7}) + "{\n")
    ran = library.types("collections", "import", "books", path, "--report", str(report))

    assert ran.exit_code == 1
    assert "row 2: document.title" in ran.err
    assert "row 3: The line is no JSON." in ran.err
    assert "2 of 3 documents were refused." in ran.err
    assert [line.split(",")[:3] for line in report.read_text().splitlines()[1:]] == [
        ["1", "imported", "emma"],
        ["2", "refused", "odd"],
        ["3", "refused", ""],
    ]


@pytest.mark.parametrize(("operation", "statuses"), [("create", ["refused"]), ("update", ["imported"])])
def test_the_operation_is_that_of_all_documents(shelf: Shell, file: File, operation: str, statuses: list[str]):
    ran = imported(shelf, file(lines({"id": "emma", "title": "Emma"})), "--operation", operation)

    assert [line["status"] for line in ran.lines] == statuses
    assert ran.exit_code == int("refused" in statuses)


def test_the_same_import_again_changes_nothing_unless_it_says_again(library: Shell, file: File):
    path = file(lines(*SHELF))
    for options, status in (((), "imported"), ((), "earlier"), (("--again",), "imported")):
        ran = imported(library, path, *options)

        assert (ran.exit_code, {line["status"] for line in ran.lines}) == (0, {status})
    assert len([each for each in library.asked if each.endswith("/import-jobs")]) == 2


@pytest.mark.parametrize(("method", "place"), [("PUT", "uploads"), ("POST", "/start"), ("GET", "/api/v1/jobs/")])
def test_an_import_that_broke_off_goes_on_with_the_same_job(library: Shell, file: File, method: str, place: str):
    path = file(lines(*SHELF))
    library.instead = lambda each: (
        httpx.Response(500, json={}) if each.method == method and place in each.url.path else None
    )
    broken = imported(library, path, "--operation", "create")
    library.instead = lambda _: None
    ran = imported(library, path, "--operation", "create")

    assert broken.exit_code == 5
    assert (ran.exit_code, len(ran.lines)) == (0, 2)
    assert len({json.dumps(event.data) for event in stored_events() if event.event_type == "jobs.job.requested"}) == 1


def test_a_job_that_fails_is_refused_with_its_reason_and_what_it_has_done(
    library: Shell, file: File, monkeypatch: pytest.MonkeyPatch
):
    path = file(lines(*SHELF))
    monkeypatch.setattr(imports, "MOST_LINES", 1)
    monkeypatch.setattr(imports, "PART_LINES", 1)
    ran = imported(library, path)
    monkeypatch.undo()

    assert (ran.exit_code, [line["id"] for line in ran.lines]) == (1, ["emma"])
    assert "failed: too_many_lines" in ran.err


def test_work_that_stands_still_is_not_waited_for_for_ever(library: Shell, file: File):
    library.meanwhile = lambda: None
    ran = imported(library, file(lines(*SHELF)))

    assert ran.exit_code == 5
    assert "stood still" in ran.err
    assert sum(library.pauses) < 620


def test_an_import_whose_job_is_removed_is_not_made_again_unasked(library: Shell, file: File):
    path = file(lines(*SHELF))
    imported(library, path)
    library.instead = lambda each: (
        httpx.Response(404, json={"code": "JobNotFound"}) if each.url.path.startswith("/api/v1/jobs/") else None
    )
    ran = imported(library, path)

    assert ran.exit_code == 1
    assert "--again" in ran.err


def test_documents_are_exported_to_standard_output_or_into_a_new_file(shelf: Shell, tmp_path: Path):
    path = tmp_path / "books.jsonl"
    printed = shelf.types("collections", "export", "books")
    for code in (0, 2):
        assert shelf.types("collections", "export", "books", str(path)).exit_code == code
    written = [json.loads(line) for line in path.read_bytes().split(b"\n") if line]

    assert sorted([json.loads(line) for line in printed.out.split("\n") if line], key=lambda each: each["id"]) == SHELF
    assert sorted(written, key=lambda each: each["id"]) == SHELF
    assert "\u009b" not in printed.out
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []


def test_an_export_has_what_fits_its_filter_without_some_fields(shelf: Shell):
    ran = shelf.types(
        "collections", "export", "books", "--filter", "pages:>500", "--exclude", "title", "--exclude", "publisher"
    )

    assert ran.lines == [{"id": "moby", "pages": 635}]
    assert shelf.types("collections", "export", "books", "--filter", "pages:=").exit_code == 1
    assert shelf.types("collections", "export", "nothing").exit_code == 4


def test_a_file_that_cannot_be_fetched_at_first_is_fetched_later(shelf: Shell):
    answers = iter([httpx.Response(503), None])
    shelf.instead = lambda each: next(answers) if each.method == "GET" and "exports" in each.url.path else None

    assert len(shelf.types("collections", "export", "books").lines) == 2


@pytest.mark.parametrize("given", [["fields.json"], ["--field", "publisher:string,facet"]])
def test_fields_are_added_and_waited_for(
    shelf: Shell, file: File, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str]
):
    file(json.dumps({"fields": [PUBLISHER]}), name="fields.json")
    monkeypatch.chdir(tmp_path)
    ran = changed(shelf, *given, "--json")

    assert (ran.exit_code, ran.json["schema_change"]["state"]) == (0, "completed")
    assert ran.json["fields"][-1] | PUBLISHER == ran.json["fields"][-1]
    assert shelf.pauses == [1.0]
    assert changed(shelf, *given).exit_code == 0
    assert shelf.pauses == [1.0]


def test_without_waiting_a_change_is_only_begun_and_the_same_command_waits_on(shelf: Shell):
    begun = changed(shelf, "--field", "publisher:string", "--no-wait")

    assert dict(begun.rows)["schema_change"] == "running, 0 of 2 documents"
    assert (shelf.pauses, fields(shelf)) == ([], ["title", "pages"])
    assert changed(shelf, "--field", "publisher:string").exit_code == 0
    assert fields(shelf) == ["title", "pages", "publisher"]


def test_documents_that_do_not_fit_new_fields_are_listed(shelf: Shell):
    ran = changed(shelf, "--field", "publisher:int64")
    in_json = changed(shelf, "--field", "publisher:int64", "--json")

    assert (ran.exit_code, in_json.exit_code) == (1, 1)
    assert sorted(row[:2] for row in ran.rows) == [["emma", "publisher"], ["moby", "publisher"]]
    assert "the collection stays as it was" in ran.err
    assert len(in_json.json["schema_change"]["faults"]) == 2
    assert fields(shelf) == ["title", "pages"]
    assert changed(shelf, "--field", "publisher:string").exit_code == 0


@pytest.mark.parametrize(
    "options", [(), ("--field", "publisher"), ("--field", ":string"), ("--field", "publisher:string,optional")]
)
def test_what_names_no_field_is_not_sent(shelf: Shell, options: tuple[str, ...]):
    assert changed(shelf, *options).exit_code == 2
    assert shelf.requests == []


def test_a_change_of_another_version_and_one_that_cannot_be_made_are_refused(shelf: Shell):
    stale = changed(shelf, "--field", "publisher:string", "--if-version", "7")
    impossible = changed(shelf, "--field", "pages:float")

    assert (stale.exit_code, impossible.exit_code) == (1, 1)
    assert "fields.0: is there in another way" in impossible.err


def test_synonyms_and_stop_words_are_set_from_files(shelf: Shell, file: File):
    synonyms = file(json.dumps({"synonyms": [{"synonyms": ["moby", "whale"]}]}), name="synonyms.json")
    words = file(json.dumps({"stop_words": ["edition"], "language_stop_words": True}), name="words.json")
    set_ = [
        shelf.types("collections", "synonyms", "books", synonyms),
        shelf.types("collections", "stop-words", "books", words),
    ]

    assert [ran.exit_code for ran in set_] == [0, 0]
    assert (dict(set_[1].rows)["synonyms"], dict(set_[1].rows)["stop_words"]) == ("1 sets", "1")
    found = shelf.types("collections", "search", "books", "the whale edition", "--json").json
    assert [hit["document"]["id"] for hit in found["hits"]] == ["moby"]
    assert shelf.types("collections", "synonyms", "books", words).exit_code == 1
    assert shelf.types("collections", "stop-words", "books", synonyms, "--if-version", "1").exit_code == 1
