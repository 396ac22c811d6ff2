"""The landing answer: what this is, and where its documents are."""

from urllib.parse import urljoin

import pytest

from infra.documents import openapi
from tests.platform.operations import DOCUMENT
from tests.portal.entries import ask

LANDING = "/api/v1"
# Where the local stage has its API.
LOCAL = "http://127.0.0.1:4566/_aws/execute-api/milepost"

pytestmark = pytest.mark.usefixtures("bundled")


def test_it_says_what_this_is() -> None:
    answer = ask("GET", LANDING)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json.keys() == {"name", "version", "description", "links"}
    assert answer.json["name"] == DOCUMENT["info"]["title"]
    assert answer.json["version"] == DOCUMENT["info"]["version"]
    assert openapi.DESCRIPTION.startswith(f"{answer.json['description']}\n")


@pytest.mark.parametrize("host", ["https://api.example.com", LOCAL])
def test_its_links_lead_to_operations_that_anybody_may_call(host: str) -> None:
    links = ask("GET", LANDING).json["links"]
    paths = [urljoin(f"{host}{LANDING}", link).removeprefix(host) for link in links.values()]

    assert [DOCUMENT["paths"][path]["get"]["x-scope"] for path in paths] == ["public"] * len(links)


def test_whoever_has_it_is_not_sent_it_again() -> None:
    known = ask("GET", LANDING).headers["ETag"]

    answer = ask("GET", LANDING, headers={"if-none-match": known})

    assert (answer.status, answer.body) == (304, b"")
