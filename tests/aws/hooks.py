"""Hooks into Milepost's own client of AWS (`shared/aws`), and moto at the end of its wire.

The names are those of botocore's hooks: `<moment>.<service>.<Operation>`, where what is left out stands for all.

    provide-client-params  `params`, the request, which may be changed; one that is returned is sent instead
    before-call            `params["body"]`, the request as it is sent; an answer that is returned is taken for AWS's
    before-send            `request`, each try of a call; an answer that is returned is taken for AWS's
    after-call             `parsed`, the answer, which may be changed; a refusal's has its code as botocore has it

What a hook raises, the caller of the client gets. All of them are asked in their order, `model` says which operation.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, NamedTuple
from weakref import WeakSet

from botocore.awsrequest import AWSPreparedRequest, HeadersDict
from moto.core.models import botocore_stubber

from shared.aws import retries, wire
from shared.aws.client import AwsRefused, Client, Limits
from shared.aws.endpoints import Endpoint
from shared.aws.wire import Answer
from tests.aws import connections

Hook = Callable[..., Any]

_SERVICES = {"eventbridge": "events", "secrets-manager": "secretsmanager"}
_TARGETS = {"DynamoDB_20120810": "dynamodb", "AWSEvents": "events", "TrentService": "kms", "AmazonSQS": "sqs"}
_CALL, _SEND = Client.call, wire.send
_one_at_a_time = threading.Lock()


class _Registered(NamedTuple):
    name: tuple[str, ...]
    hook: Hook
    turn: int = 1


_hooks: list[_Registered] = []
_asked: dict[tuple[str, ...], list[Hook]] = {}
"""Which hooks are asked under a name, found once for each until another one is registered."""
_in_place_of_moto: dict[str, Callable[[AWSPreparedRequest], Answer]] = {}
_clients: WeakSet[Client] = WeakSet()


def install() -> None:
    """Stand between the client and the code, and between the client and the wire, in this process."""
    Client.call = _call  # type: ignore[method-assign]
    wire.send = _send


def register(name: str, hook: Hook) -> None:
    """Ask this hook after those that were registered before."""
    _asked.clear()
    _hooks.append(_Registered(_parts(name), hook))
    _hooks.sort(key=lambda each: each.turn)


def register_first(name: str, hook: Hook) -> None:
    """Ask this hook before all others, whenever they are registered."""
    _asked.clear()
    _hooks.insert(0, _Registered(_parts(name), hook, turn=0))


def register_last(name: str, hook: Hook) -> None:
    """Ask this hook after all others, whenever they are registered."""
    _asked.clear()
    _hooks.append(_Registered(_parts(name), hook, turn=2))


def unregister(name: str, hook: Hook) -> None:
    """Ask this hook no more."""
    _asked.clear()
    _hooks.remove(next(each for each in _hooks if each.name == _parts(name) and each.hook == hook))


def of(name: str) -> list[Hook]:
    """Return the hooks that are registered by just this name, in the order in which they are asked."""
    return [each.hook for each in _hooks if each.name == _parts(name)]


@contextmanager
def registered(name: str, hook: Hook) -> Iterator[None]:
    """Ask this hook as long as the block lasts."""
    register(name, hook)
    try:
        yield
    finally:
        unregister(name, hook)


def sees_the_wire(service: str) -> bool:
    """Tell whether a hook is asked about the tries of a service's calls."""
    return any(each.name[0] == "before-send" and each.name[1:2] in {(service,), ("*",), ()} for each in _hooks)


def replace_moto(service: str, answer: Callable[[AWSPreparedRequest], Answer]) -> None:
    """Have a service answered by this at the end of the wire, until all is forgotten."""
    _in_place_of_moto[service] = answer


def forget() -> None:
    """Ask nobody any more; every client is as if it were new."""
    _asked.clear()
    _hooks.clear()
    _in_place_of_moto.clear()
    connections.close()
    for client in list(_clients):
        client._budget, client._skew_seconds = retries.Budget(), 0.0


def in_moto(request: AWSPreparedRequest) -> Answer | None:
    """Return what moto answers, None when there is no mock or the request is for somewhere else.

    One at a time: moto lets two threads through one condition.
    """
    target = request.headers.get("x-amz-target", "").partition(".")[0]
    if (replaced := _in_place_of_moto.get(_TARGETS.get(target, target))) is not None:
        return replaced(request)
    with _one_at_a_time:
        answer = botocore_stubber("before-send", request)
    if answer is None:
        return None
    return Answer(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content)


def _parts(name: str) -> tuple[str, ...]:
    moment, *rest = name.split(".")
    return (moment, *(_SERVICES.get(part, part) for part in rest))


def _ask(name: tuple[str, ...], **said: Any) -> Any:
    """Ask the hooks of this name; return what the first one answers that answers, None when none does."""
    for hook in _matching(name):
        answer = hook(**said)
        if answer is not None:
            return answer
    return None


def _matching(name: tuple[str, ...]) -> list[Hook]:
    if name not in _asked:
        _asked[name] = [each.hook for each in _hooks if _covers(each.name, name)]
    return _asked[name]


def _covers(wanted: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return all(each in {part, "*"} for each, part in zip(wanted, name, strict=False))


def _call(client: Client, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    _clients.add(client)
    if not _hooks:
        return _CALL(client, operation, request)
    service, model = client._service.name, SimpleNamespace(name=operation)
    request = _ask(("provide-client-params", service, operation), params=request, model=model) or request
    answer, before, after = None, ("before-call", service, operation), ("after-call", service, operation)
    try:
        if _matching(before):
            body = json.dumps(request, separators=(",", ":"), ensure_ascii=False).encode()
            answer = _ask(before, params={"body": body}, model=model)
        answer = _CALL(client, operation, request) if answer is None else answer
    except AwsRefused as refused:
        _ask(after, parsed={**refused.fields, "Error": {"Code": refused.code}}, model=model)
        raise
    _ask(after, parsed=answer, model=model)
    return answer


def _send(endpoint: Endpoint, headers: Mapping[str, str], body: bytes, limits: Limits, **place: str) -> Answer:
    if place:
        # A request to a path of its own is none of a JSON protocol, and no hook and no moto is asked about it.
        return _SEND(endpoint, headers, body, limits, **place)
    target, _, operation = headers["x-amz-target"].partition(".")
    request = AWSPreparedRequest("POST", f"{endpoint.url}/", HeadersDict(headers), body, stream_output=False)
    answer = _ask(("before-send", _TARGETS.get(target, target), operation), request=request)
    answer = in_moto(request) if answer is None else answer
    return _SEND(endpoint, headers, body, limits) if answer is None else answer
