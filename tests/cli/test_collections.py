"""Collections, their documents and searches in them from the command line."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.cli.shell import URL, Shell
from tests.search.people import Backbone

BOOKS = {
    "name": "books",
    "language": "en",
    "fields": [
        {"name": "title", "type": "string"},
        {"name": "tags", "type": "string[]", "facet": True, "optional": True},
        {"name": "pages", "type": "int64", "optional": True},
    ],
}
SHELF = [
    {"id": "moby", "title": "Moby-Dick; or, The Whale", "tags": ["sea"], "pages": 635},
    {"id": "emma", "title": "Emma & <Mr> Knightley", "tags": ["England"], "pages": 474},
    {"id": "sea", "title": "The Sea-Wolf", "tags": ["sea"], "pages": 366},
]
MARKED = "\x1b[1;33mWhale\x1b[0m"

File = Callable[..., str]

pytestmark = pytest.mark.usefixtures("search_stage")


def lines(documents: list[dict[str, object]]) -> str:
    return "".join(json.dumps(document) + "\n" for document in documents)


@pytest.fixture
def library(adas: Shell, file: File) -> Shell:
    """A machine of somebody who has a collection of three books, which are found."""
    adas.types("collections", "create", file(json.dumps(BOOKS)))
    ran = adas.types("collections", "documents", "sync", "books", file(lines(SHELF), name="shelf.jsonl"))
    assert ran.exit_code == 0, ran.err
    Backbone().runs()
    return adas


def test_a_collection_is_made_of_a_file_listed_shown_and_deleted(adas: Shell, file: File):
    for _ in range(2):
        made = adas.types("collections", "create", file(json.dumps(BOOKS)), "--json")

    assert made.json["name"] == "books"
    assert [row[0] for row in adas.types("collections", "list").rows] == ["books"]
    shown = dict(adas.types("collections", "show", "books").rows)
    assert (shown["  title"], shown["  tags"]) == ("string", "string[], facet, optional")
    assert adas.types("collections", "delete", "books", "--yes").exit_code == 0
    assert adas.types("collections", "show", "books").exit_code == 4
    assert adas.types("collections", "create", file("[]")).exit_code == 2


def test_a_collection_is_known_by_its_aliases_too(library: Shell):
    library.types("collections", "aliases", "set", "library", "books")

    assert library.types("collections", "aliases", "list").rows[0][:2] == ["library", "books"]
    assert library.types("collections", "show", "library", "--json").json["name"] == "books"
    assert library.types("collections", "aliases", "delete", "library", "--yes").exit_code == 0
    assert library.types("collections", "aliases", "list").out == ""


def test_a_document_is_stored_shown_and_deleted(library: Shell, file: File):
    put = library.types("collections", "documents", "put", "books", file('{"id": "new", "title": "New"}'))

    assert dict(put.rows) == {"document": "new", "version": "1", "index": "pending"}
    shown = library.types("collections", "documents", "get", "books", "new")
    assert dict(shown.rows)["  title"] == "New"
    assert library.types("collections", "documents", "delete", "books", "new", "--yes").exit_code == 0
    assert library.types("collections", "documents", "get", "books", "new").exit_code == 4


def test_a_document_with_an_older_version_is_refused(library: Shell, file: File):
    path = file('{"id": "new", "title": "New"}')
    library.types("collections", "documents", "put", "books", path, "--version", "7")
    ran = library.types("collections", "documents", "put", "books", path, "--version", "6")

    assert (ran.exit_code, "NewerVersion" in ran.err) == (1, True)


def test_a_search_prints_what_matches_and_all_of_the_answer_in_json(library: Shell):
    ran = library.types("collections", "search", "books", "wahle", "--by", "title")
    sorted_ = library.types("collections", "search", "books", "*", "--filter", "tags:=sea", "--sort", "pages:asc")
    answer = library.types("collections", "search", "books", "*", "--facets", "tags", "--limit", "1", "--json").json

    assert ran.rows == [["moby", "title", "Moby-Dick; or, The Whale"]]
    assert [row[0] for row in sorted_.rows] == ["sea", "moby"]
    assert (answer["found"], len(answer["hits"])) == (3, 1)
    assert answer["facet_counts"][0]["counts"][0] == {"value": "sea", "count": 2}
    assert "idempotency-key" not in library.requests[-1].headers


def test_what_was_escaped_in_a_snippet_is_text_again(library: Shell):
    ran = library.types("collections", "search", "books", "emma")

    assert ran.rows == [["emma", "title", "Emma & <Mr> Knightley"]]


def test_a_search_that_cannot_be_read_is_refused_with_what_would_work(library: Shell):
    ran = library.types("collections", "search", "books", "*", "--filter", "pages:=")

    assert ran.exit_code == 1
    assert "filter_by: expected a value" in ran.err


def test_words_that_match_are_marked_on_a_terminal_and_facets_are_below(
    library: Shell, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    ran = library.types("collections", "search", "books", "whale", "--facets", "tags")

    assert MARKED in ran.out
    assert re.search(r"tags\s+sea\s+1", ran.out)
    assert "1 of 3 documents." in ran.err


def many(count: int) -> list[dict[str, object]]:
    return [{"id": f"book-{number}", "title": f"Book {number}", "edition": number} for number in range(1, count + 1)]


def test_a_file_is_synced_a_hundred_documents_at_once(library: Shell, file: File):
    path = file(lines(many(250)), name="many.jsonl")
    library.requests.clear()
    ran = library.types("collections", "documents", "sync", "books", path, "--json")

    assert {line["status"] for line in ran.lines} == {"synced"}
    assert library.asked.count("POST /api/v1/documents/batch") == 3
    again = library.types("collections", "documents", "sync", "books", path, "--json")
    assert {line["status"] for line in again.lines} == {"earlier"}
    assert library.asked.count("POST /api/v1/documents/batch") == 3


def test_a_sync_that_broke_off_goes_on_where_it_stopped(library: Shell, file: File):
    path = file(lines(many(250)), name="many.jsonl")
    asked: list[str] = []

    def breaks(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/batch"):
            asked.append(request.headers["idempotency-key"])
            if len(asked) > 1:
                return httpx.Response(500, json={})
        return None

    library.instead = breaks
    broken = library.types("collections", "documents", "sync", "books", path, "--json")
    library.instead = lambda _: None
    library.requests.clear()
    ran = library.types("collections", "documents", "sync", "books", path, "--json")

    assert (broken.exit_code, len(broken.lines)) == (5, 100)
    assert [line["status"] for line in ran.lines] == ["earlier"] * 100 + ["synced"] * 150
    keys = [each.headers["idempotency-key"] for each in library.requests if each.url.path.endswith("/batch")]
    assert keys[0] == asked[1]


def test_documents_that_are_older_are_left_out_and_bad_ones_refused(library: Shell, file: File, tmp_path: Path):
    report = tmp_path / "report.jsonl"
    sync = ("collections", "documents", "sync", "books")
    newer = [{"id": "a", "title": "A", "edition": 5}]
    library.types(*sync, file(lines(newer), name="newer.jsonl"), "--version-field", "edition")
    mixed = [{"id": "a", "title": "Old", "edition": 4}, {"id": "b", "title": 7, "edition": 1}]
    ran = library.types(
        *sync, file(lines(mixed), name="mixed.jsonl"), "--version-field", "edition", "--report", str(report)
    )

    assert ran.exit_code == 1
    assert [json.loads(line)["status"] for line in report.read_text().splitlines()] == ["left out", "refused"]
    assert "row 2: document.title" in ran.err
    shown = library.types("collections", "documents", "get", "books", "a", "--json").json
    assert (shown["document"]["title"], shown["version"]) == ("A", 5)


def test_the_documents_of_a_file_are_deleted(library: Shell, file: File):
    ran = library.types(
        "collections", "documents", "sync", "books", file(lines(SHELF), name="gone.jsonl"), "--operation", "delete"
    )

    assert ran.exit_code == 0
    assert library.types("collections", "documents", "get", "books", "moby").exit_code == 4


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff\xfe", b'{"id": "a", "title": "A", "edition": true}'])
def test_what_is_no_document_is_not_sent(library: Shell, file: File, content: bytes):
    library.requests.clear()
    ran = library.types(
        "collections", "documents", "sync", "books", file(content, name="bad.jsonl"), "--version-field", "edition"
    )

    assert ran.exit_code == 2
    assert library.requests == []


def test_a_key_that_is_bound_to_a_collection_is_made_used_listed_and_revoked(
    library: Shell, pepper: str, tmp_path: Path
):
    made = library.types(
        "collections", "keys", "add", "books", "--name", "shop", "--filter", "pages:>400", "--hide", "tags", "--json"
    ).json
    holder = Shell(tmp_path / "shop", {"MILEPOST_API_KEY": made["key"], "MILEPOST_URL": URL})

    found = holder.types("collections", "search", "books", "*", "--json").json

    assert sorted(hit["document"]["id"] for hit in found["hits"]) == ["emma", "moby"]
    assert [set(hit["document"]) for hit in found["hits"]] == [{"id", "title", "pages"}] * 2
    assert library.types("collections", "keys", "list", "books").rows == [
        [made["key_id"], made["last_four"], "shop", "pages:>400", "tags", ""]
    ]
    assert library.types("collections", "keys", "delete", "books", made["key_id"], "--yes").exit_code == 0
    assert library.types("collections", "keys", "list", "books").out == ""


def test_a_search_is_saved_made_again_and_deleted(library: Shell):
    made = library.types("collections", "saved", "add", "long", "books", "wahle", "--filter", "pages:>400", "--json")
    saved = made.json["saved_search_id"]

    assert library.types("collections", "saved", "list").rows == [[saved, "books", "long", "wahle"]]
    assert library.types("collections", "saved", "run", saved).rows == [["moby", "title", "Moby-Dick; or, The Whale"]]
    assert library.types("collections", "saved", "run", saved, "--page", "2").rows == []
    assert library.types("collections", "saved", "delete", saved, "--yes").exit_code == 0
    assert library.types("collections", "saved", "run", saved).exit_code == 4
