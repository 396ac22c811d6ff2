"""What can go wrong between a function and AWS: calls that are throttled, and answers that are lost."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError

from shared.aws.client import AwsRefused, Client, NoAnswer
from tests.aws import hooks

Call = Callable[[], Any]
Instead = Callable[[str, str, bool, Call], Any]
"""What is done with a call of a service: its operation, whether it is made by our own client, and how it is made."""


@contextmanager
def _instead(do: Instead) -> Iterator[None]:
    theirs, ours = BaseClient._make_api_call, Client.call

    def by_botocore(client: BaseClient, operation: str, request: dict[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        return do(service, operation, False, lambda: theirs(client, operation, request))

    def by_us(client: Client, operation: str, request: dict[str, Any]) -> Any:
        return do(client._service.name, operation, True, lambda: ours(client, operation, request))

    with mock.patch.object(BaseClient, "_make_api_call", by_botocore), mock.patch.object(Client, "call", by_us):
        yield


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

    def do(service: str, operation: str, is_ours: bool, call: Call) -> Any:  # noqa: FBT001
        called = f"{service}:{operation}"
        if not {service, called} & {*named} and (not but or service == but):
            return call()
        refused.append(called)
        raise AwsRefused(operation, 400, "ThrottlingException", {}) if is_ours else throttled(service, operation)

    with _instead(do):
        yield refused


@contextmanager
def refusing_queries(partition: str) -> Iterator[None]:
    """Refuse each query of a partition of the table or its index, as AWS does with one that is not valid."""

    def refuse(params: Mapping[str, Any], **_: object) -> None:
        if {"S": partition} in params["ExpressionAttributeValues"].values():
            raise AwsRefused("Query", 400, "ValidationException", {})

    with hooks.registered("provide-client-params.dynamodb.Query", refuse):
        yield


@contextmanager
def losing_answers(operation: str, *, takes_effect: bool) -> Iterator[None]:
    """Let no call of an operation be answered; `takes_effect` says whether AWS does what it asks for."""

    def do(_: str, called: str, is_ours: bool, call: Call) -> Any:  # noqa: FBT001
        if called != operation:
            return call()
        if takes_effect:
            call()
        raise NoAnswer("lost") if is_ours else ReadTimeoutError(endpoint_url="https://aws")

    with _instead(do):
        yield


@contextmanager
def dying_at(number: int, *, takes_effect: bool, among: Collection[str] = ()) -> Iterator[list[str]]:
    """Let the process reach AWS until its call of this number, from 1, and not after it; yield the calls as made.

    `takes_effect` says whether AWS still does what that call asks for. With `among`, only calls of these operations
    are counted.
    """
    made: list[str] = []

    def do(service: str, operation: str, is_ours: bool, call: Call) -> Any:  # noqa: FBT001
        is_counted = not among or operation in among
        if is_counted:
            made.append(f"{service}:{operation}")
        if len(made) < number:
            return call()
        if is_counted and takes_effect and len(made) == number:
            call()
        raise NoAnswer("dead") if is_ours else ReadTimeoutError(endpoint_url="https://aws")

    with _instead(do):
        yield made


@contextmanager
def counting() -> Iterator[list[str]]:
    """Yield the calls to AWS as they are made."""
    made: list[str] = []

    def do(service: str, operation: str, _: bool, call: Call) -> Any:  # noqa: FBT001
        made.append(f"{service}:{operation}")
        return call()

    with _instead(do):
        yield made
