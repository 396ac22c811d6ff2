"""What every answer over HTTP carries, whichever operation it is of, and whatever came of it."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.api.security_headers import EVERYWHERE
from tests.aws.entries import Context, http_event
from tests.platform.operations import DOCUMENT, HANDLERS, handler_of
from tests.platform.tenants import standing

ANSWERED = {**EVERYWHERE, "X-Request-Id": "Hs7dXhQ4joEEMbg="}
OPERATIONS = [
    (method.upper(), path.replace("{", "").replace("}", ""))
    for path, item in DOCUMENT["paths"].items()
    for method in item
]


def headers_of(handler: Callable[..., Any], event: dict[str, Any]) -> dict[str, str]:
    return handler(event, Context())["headers"]


def unsafe(headers: dict[str, str]) -> dict[str, str | None]:
    """Return the headers that are not as everywhere, but for those that a route may say itself."""
    own = {"Cache-Control", "Content-Security-Policy"}
    return {name: headers.get(name) for name, value in EVERYWHERE.items() if name not in own and headers[name] != value}


def test_they_are_what_owasp_asks_of_an_api():
    assert EVERYWHERE == {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def test_what_a_stranger_is_answered_is_safe_to_a_browser():
    with standing():
        answered = {
            (method, path): headers_of(handler_of(path), http_event(method, path)) for method, path in OPERATIONS
        }

    assert [each for each, headers in answered.items() if unsafe(headers)] == []
    assert {headers["X-Request-Id"] for headers in answered.values()} == {"Hs7dXhQ4joEEMbg="}
    assert all("frame-ancestors 'none'" in headers["Content-Security-Policy"] for headers in answered.values())


def test_a_method_that_there_is_not_is_refused_as_safely():
    answered = {path: handler_of(path)(http_event("PURGE", path), Context()) for _, path in OPERATIONS}
    # No page has a file of the name that stands for one here.
    no_files = {path for path in answered if path.endswith("/asset") or path.startswith("/dashboard/")}

    assert {answer["statusCode"] for path, answer in answered.items() if path not in no_files} == {405}
    assert all(ANSWERED.items() <= answer["headers"].items() for answer in answered.values())


@pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
def test_a_path_that_there_is_not_is_refused_as_safely(handler: Callable[..., Any]):
    answer = handler(http_event("GET", "/api/v1/nothing"), Context())

    assert answer["statusCode"] == 404
    assert ANSWERED.items() <= answer["headers"].items()


@pytest.mark.parametrize(
    ("handler", "path", "needed"),
    [
        (HANDLERS["portal"], "/api/v1/health", "STAGE"),
        (HANDLERS["identity"], "/.well-known/openid-configuration", "TOKEN_ISSUER"),
    ],
)
def test_what_breaks_is_told_as_safely(
    handler: Callable[..., Any], path: str, needed: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv(needed)

    answer = handler(http_event("GET", path), Context())

    assert answer["statusCode"] == 500
    assert ANSWERED.items() <= answer["headers"].items()


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("path", ["/.well-known/jwks.json", "/.well-known/openid-configuration"])
def test_what_verifiers_need_may_be_kept(path: str):
    headers = headers_of(HANDLERS["identity"], http_event("GET", path))

    assert headers["Cache-Control"] == "public, max-age=300"
    assert unsafe(headers) == {}


def test_the_docs_page_may_run_its_own_script_and_nothing_else():
    headers = headers_of(HANDLERS["portal"], http_event("GET", "/api/v1/docs"))

    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert unsafe(headers) == {}
