"""What can go wrong between a function and AWS: calls that are throttled, and answers that are lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError

Call = Callable[[BaseClient, str, dict[str, Any]], Any]

_CALL: Call = BaseClient._make_api_call


def throttled(service: str, operation: str) -> ClientError:
    """Return what botocore raises when a service has refused a call, and every repeat of it, for its rate."""
    answer: Any = {
        "Error": {"Code": "ThrottlingException", "Message": f"{service} is busy"},
        "ResponseMetadata": {"HTTPStatusCode": 400},
    }
    return ClientError(answer, operation)


@contextmanager
def throttling(*named: str, but: str = "") -> Iterator[list[str]]:
    """Throttle every call that is named (`kms`, `kms:Sign`), or to all services but one; yield what was refused."""
    refused: list[str] = []

    def call(client: BaseClient, operation: str, request: dict[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        called = f"{service}:{operation}"
        if not {service, called} & {*named} and (not but or service == but):
            return _CALL(client, operation, request)
        refused.append(called)
        raise throttled(service, operation)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield refused


@contextmanager
def losing_answers(operation: str, *, takes_effect: bool) -> Iterator[None]:
    """Let no call of an operation be answered; `takes_effect` says whether AWS does what it asks for."""

    def call(client: BaseClient, called: str, request: dict[str, Any]) -> Any:
        if called != operation:
            return _CALL(client, called, request)
        if takes_effect:
            _CALL(client, called, request)
        raise ReadTimeoutError(endpoint_url=client.meta.endpoint_url)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield


@contextmanager
def counting() -> Iterator[list[str]]:
    """Yield the calls to AWS as they are made."""
    made: list[str] = []

    def call(client: BaseClient, operation: str, request: dict[str, Any]) -> Any:
        made.append(f"{client.meta.service_model.service_name}:{operation}")
        return _CALL(client, operation, request)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield made
