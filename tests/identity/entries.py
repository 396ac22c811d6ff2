"""The two entries of identity: REST, and the AppSync authorizer."""

from collections.abc import Mapping
from typing import Any

from functions.identity import api, authorizer
from tests.aws.entries import Answer, Context, call, http_event


def rest(
    method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
) -> Answer:
    return call(api.handler, api.api, http_event(method, path, body, headers=headers, query=query))


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def appsync(authorization: str, *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    event = {
        "authorizationToken": authorization,
        "requestContext": {
            "apiId": "n3x2l4n6qzhbxfo5gvklz5u5uy",
            "accountId": "123456789012",
            "requestId": "f4081827-1111-4444-5555-5cf4695f339f",
            "queryString": "query Goals { goals { items { id } } }",
            "operationName": "Goals",
            "variables": {},
        },
        "requestHeaders": {"host": "n3x2l4.appsync-api.eu-west-1.amazonaws.com", **(headers or {})},
    }
    return authorizer.handler(event, Context())
