"""What is said of a request cannot change its answer, nor whom the next one is for: a full disk refuses nobody."""

import errno
import io
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import pytest

from functions.identity import authorizer
from functions.portal import api as portal
from shared import correlation
from shared.api import admission
from shared.api.admission import GUESSABLE
from shared.api.graphql import Fields
from shared.api.request import Response
from shared.api.rest import PUBLIC, Api, answer, handler
from shared.errors import Refusal
from tests.aws.entries import REQUEST_ID, Context, appsync_event, http_event

api = Api()
fields = Fields()


class WrongWord(Refusal):
    """401: the word is another one."""

    status = 401
    is_guess = True


@api.operation("POST", "/api/v1/things", scope=PUBLIC, summary="Keep a thing", answers={201: None})
def keep_thing() -> Response:
    """Keep it."""
    return answer(201, {"name": "lamp"})


@api.operation("GET", "/api/v1/secrets", scope="secrets:read", summary="List secrets", answers={200: None})
def list_secrets() -> Response:
    """List them."""
    return answer(200, {"items": []})


class Full(io.StringIO):
    """An output that takes nothing."""

    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def without_log(call: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a call returns while nothing can be written."""
    # Not by a fixture: pytest puts its own output in place again before the test begins.
    with redirect_stdout(Full()):
        return call(*arguments)


def test_a_request_whose_line_is_not_written_is_answered_and_over() -> None:
    answered = without_log(handler(api), http_event("POST", "/api/v1/things"), Context())

    assert (answered["statusCode"], answered["body"]) == (201, '{"name":"lamp"}')
    assert correlation.known() is None


@pytest.mark.usefixtures("aws")
def test_a_refusal_that_is_not_counted_stays_what_it_is() -> None:
    refused = without_log(handler(api), http_event("GET", "/api/v1/secrets"), Context())
    unknown = without_log(portal.handler, http_event("GET", "/api/v1/nothing"), Context())

    assert [refused["statusCode"], unknown["statusCode"]] == [401, 404]
    assert correlation.known() is None


def test_a_field_of_nobody_is_refused_all_the_same() -> None:
    event = appsync_event("Query", "things", {}, resolver_context=None)
    refused = without_log(fields.resolve, event, Context())

    assert refused["error"]["details"]["status"] == 401
    assert correlation.known() is None


def test_whoever_the_authorizer_does_not_know_stays_outside() -> None:
    event = {"authorizationToken": "nonsense", "requestContext": {"requestId": REQUEST_ID}, "requestHeaders": {}}

    assert without_log(authorizer.handler, event, Context()) == {"isAuthorized": False}
    assert correlation.known() is None


@pytest.mark.usefixtures("aws")
def test_a_guess_counts_towards_the_rate_although_it_is_in_no_metric() -> None:
    headers = without_log(admission.refuse, "203.0.113.7", GUESSABLE, WrongWord("No."), {})

    assert headers["RateLimit-Policy"].startswith('"credentials"')
