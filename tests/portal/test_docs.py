"""The docs page, its assets and the API document."""

import base64
import json
import re
from pathlib import Path

import pytest

from functions.portal.api import handler
from infra.documents import openapi
from tests.aws.entries import Context, http_event
from tests.portal.conftest import SWAGGER_UI
from tests.portal.entries import ask

PAGE = "/api/v1/docs"
SCRIPT = "/api/v1/docs/swagger-ui-bundle.min.js"
STYLE = "/api/v1/docs/swagger-ui.min.css"
START = "/api/v1/docs/start.js"
OPENAPI = "/api/v1/openapi.json"
FILES = [PAGE, SCRIPT, STYLE, START, OPENAPI]

pytestmark = pytest.mark.usefixtures("bundled")


def test_the_page_is_html_that_is_asked_for_again_every_time() -> None:
    answer = ask("GET", PAGE)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert 'id="swagger-ui"' in answer.text


def test_the_page_refers_to_nothing_but_files_that_are_there() -> None:
    page = ask("GET", PAGE).text
    # The page's own address has no slash at its end, so what it names stands beside `docs`.
    addresses = [f"/api/v1/{name}" for name in re.findall(r'(?:src|href)="(?!data:)([^"]+)"', page)]

    assert sorted(addresses) == sorted([SCRIPT, STYLE, START, OPENAPI])
    assert [ask("GET", address).status for address in addresses] == [200, 200, 200, 200]


def test_the_page_runs_no_script_that_stands_in_it() -> None:
    answer = ask("GET", PAGE)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert re.findall(r"<script(?![^>]* src=)|\son\w+=", answer.text) == []


def test_the_page_shows_the_document_beside_it() -> None:
    script = ask("GET", START).text

    assert 'new URL("openapi.json", window.location.href)' in script
    assert "http://" not in script
    assert "https://" not in script


@pytest.mark.parametrize(("path", "name"), [(SCRIPT, "swagger-ui-bundle.min.js"), (STYLE, "swagger-ui.min.css")])
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "gzip"),
        ("br;q=1.0, GZIP;q=0.5", "gzip"),
        ("gzip;q=1", "gzip"),
        ("gzip;q=0, br", None),
        ("gzip; q=0.000", None),
        ("br", None),
        ("", None),
    ],
)
def test_an_asset_comes_in_the_encoding_that_is_taken(path: str, name: str, accepted: str, encoding: str) -> None:
    answer = ask("GET", path, headers={"accept-encoding": accepted})

    assert answer.status == 200
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.text == (SWAGGER_UI / name).read_text()


def test_compressed_the_whole_page_is_under_half_a_megabyte() -> None:
    answers = [ask("GET", path, headers={"accept-encoding": "gzip"}) for path in FILES]

    assert sum(len(answer.body) for answer in answers) < 500_000


@pytest.mark.parametrize("path", FILES)
def test_two_encodings_of_a_file_have_two_tags(path: str) -> None:
    plain = ask("GET", path)
    compressed = ask("GET", path, headers={"accept-encoding": "gzip"})

    assert plain.headers["ETag"] != compressed.headers["ETag"]


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_a_file_is_not_sent_it_again(path: str, shape: str) -> None:
    etag = ask("GET", path).headers["ETag"]

    again = ask("GET", path, headers={"if-none-match": shape.format(etag)})

    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == etag


def test_who_has_another_version_is_sent_the_file() -> None:
    answer = ask("GET", START, headers={"if-none-match": '"another"'})

    assert answer.status == 200


@pytest.mark.parametrize("path", FILES)
def test_a_head_has_the_headers_of_a_get_and_no_body(path: str) -> None:
    get, head = ask("GET", path), ask("HEAD", path)

    assert (head.status, head.body) == (200, b"")
    assert head.headers.keys() == get.headers.keys()
    assert head.headers["ETag"] == get.headers["ETag"]


def test_the_document_is_the_one_of_the_bundle() -> None:
    answer = ask("GET", OPENAPI)

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json == {"openapi": "3.1.0", "bundled": True}


def test_without_a_bundle_the_document_is_that_of_the_checkout(bundled: Path) -> None:
    (bundled / "openapi.json").unlink()
    (bundled.parents[1] / "docs").mkdir()
    (bundled.parents[1] / "docs" / "openapi.json").write_text(openapi.PATH.read_text())

    answer = ask("GET", OPENAPI)

    assert answer.json == json.loads(openapi.PATH.read_text())


@pytest.mark.parametrize(
    "name", ["", "docs.html", "api.py", "openapi.json", "../api.py", "%2e%2e/api.py", "swagger-ui.min.css.gz", "a/b"]
)
def test_nothing_else_of_the_folder_is_served(name: str) -> None:
    answer = ask("GET", f"{PAGE}/{name}")

    assert (answer.status, answer.json["code"]) == (404, "RouteNotFound")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["request_id"] == "Hs7dXhQ4joEEMbg="


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/api/v1", PAGE, START, OPENAPI, "/api/v1/health", "/api/v1/health/ready"])
def test_another_method_is_a_405_that_names_those_there_are(method: str, path: str) -> None:
    answer = ask(method, path)

    assert (answer.status, answer.json["code"]) == (405, "MethodNotSupported")
    assert answer.headers["Allow"] == "GET, HEAD"


def test_an_answer_is_at_most_what_lambda_may_send() -> None:
    answer = handler(http_event("GET", SCRIPT), Context())

    assert len(base64.b64decode(answer["body"])) > 1_000_000
    assert len(json.dumps(answer)) < 6 * 1024 * 1024
