"""The entries of a context, called as API Gateway (payload 2.0) and AppSync do.

Every REST answer is held against the OpenAPI document of the context: an undocumented status or a body that is not of
the documented shape fails the test that called, and so does an answer without the headers that every one has.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import jsonschema
from jsonschema.exceptions import best_match

from shared.api import document
from shared.api.rest import Api
from shared.api.security_headers import EVERYWHERE

HEADERS = {
    "accept": "*/*",
    "content-type": "application/json",
    "host": "abc123.execute-api.eu-west-1.amazonaws.com",
    "user-agent": "curl/8.5.0",
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "https",
}
REQUEST_ID = "7c2ab0a5-0c3c-4ae1-8c1e-2d4a0c7a3f10"
"""What AppSync calls every request."""
RATE_HEADERS = {"RateLimit-Policy", "RateLimit", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


@dataclass(frozen=True)
class Context:
    function_name: str = "milepost"
    memory_limit_in_mb: int = 1769
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:123456789012:function:milepost"
    aws_request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    def get_remaining_time_in_millis(self) -> int:
        return 25_000


@dataclass(frozen=True)
class Answer:
    """What comes back. `rate` are the headers that count, apart from those that are the same for the same request."""

    status: int
    body: Any
    headers: Mapping[str, str]
    rate: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def code(self) -> str:
        return self.body["code"]

    @property
    def fields(self) -> list[str]:
        return [error["field"] for error in self.body["errors"]]


def http_event(
    method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
) -> dict[str, Any]:
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {
            **HEADERS,
            **{name.lower(): value for name, value in (headers or {}).items()},
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": "abc123.execute-api.eu-west-1.amazonaws.com",
            "domainPrefix": "abc123",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "curl/8.5.0",
            },
            "requestId": "Hs7dXhQ4joEEMbg=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "20/Nov/2026:09:30:00 +0000",
            "timeEpoch": 1795167000000,
        },
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = dict(parse_qsl(query, keep_blank_values=True))
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event


def call(handler: Any, api: Api, event: dict[str, Any]) -> Answer:
    response = handler(event, Context())
    headers = dict(response["headers"])
    body = _read(response["body"], headers.get("Content-Type", ""))
    rate = {name: headers.pop(name) for name in RATE_HEADERS & headers.keys()}
    answer = Answer(response["statusCode"], body, headers, rate)
    assert EVERYWHERE.keys() <= answer.headers.keys()
    assert answer.headers["X-Request-Id"] == event["requestContext"]["requestId"]
    hold_against_document(api, event, answer)
    return answer


def _read(text: str, media_type: str) -> Any:
    """Return what a body says: a picture or a calendar as text."""
    return (json.loads(text) if media_type.endswith("json") else text) if text else None


def hold_against_document(api: Api, event: dict[str, Any], answer: Answer) -> None:
    """Fail unless the API reference documents this status for this operation, and this shape for its body."""
    http = event["requestContext"]["http"]
    method = "GET" if http["method"] == "HEAD" else http["method"]
    route, _ = api.routes.find(method, http["path"])
    if route is None:
        assert answer.status in {404, 405}
        return
    path, method = route.openapi_path, route.method.lower()
    documented = openapi(api)["paths"][path][method]["responses"]
    assert str(answer.status) in documented, f"{route.method} {path} answered {answer.status}: {answer.body}"
    content = documented[str(answer.status)].get("content")
    if content is None or http["method"] == "HEAD":
        assert answer.body is None
        return
    validator = _validator(api, path, method, answer.status, answer.headers["Content-Type"])
    wrong = best_match(validator.iter_errors(answer.body))
    if wrong is not None:
        raise wrong


@functools.cache
def _validator(api: Api, path: str, method: str, status: int, media_type: str) -> Any:
    """Return what holds a body against its schema, which is held against JSON Schema itself, the first time."""
    declared = openapi(api)
    schema = declared["paths"][path][method]["responses"][str(status)]["content"][media_type]["schema"]
    whole = {**schema, "components": declared["components"]}
    validator = jsonschema.validators.validator_for(whole)
    validator.check_schema(whole)
    return validator(whole)


@functools.cache
def openapi(api: Api) -> dict[str, Any]:
    """Return the OpenAPI document of a context, as it was the first time."""
    return document.of(api.routes)


def appsync_event(
    type_name: str,
    field: str,
    arguments: Mapping[str, Any],
    *,
    resolver_context: Mapping[str, str] | None,
    headers: Mapping[str, str] | None = None,
    source: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "arguments": dict(arguments),
        "identity": None if resolver_context is None else {"resolverContext": dict(resolver_context)},
        "source": source,
        "request": {
            "headers": {
                "host": "abc.appsync-api.eu-west-1.amazonaws.com",
                "x-amzn-requestid": REQUEST_ID,
                **(headers or {}),
            },
            "domainName": None,
        },
        "prev": None,
        "info": {
            "selectionSetList": [],
            "selectionSetGraphQL": "{ }",
            "parentTypeName": type_name,
            "fieldName": field,
            "variables": {},
        },
        "stash": {},
    }
