"""Sets right what MiniStack 1.5 asks roles for, where that is not what AWS asks them for.

Without this a policy would have to allow more than AWS wants, only to hold on a laptop.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from ministack import app
from ministack.core import iam_actions

_DEFAULT_GROUP = ":schedule/default/"


def set_right() -> None:
    """Change it for this process, before the first request."""
    _take_loopback_for_encrypted()
    _name_resources(iam_actions.extract_resource_arn)
    _ask_for_many_as_for_one(iam_actions.extract_iam_action)


def _take_loopback_for_encrypted() -> None:
    """Have every request count as one that came by TLS: policies refuse the others, and these leave no machine."""
    pin = app.pin_request_origin
    app.pin_request_origin = lambda source_ip, _: pin(source_ip, True)


def _name_resources(found: Callable[..., str]) -> None:
    """Have a role asked for the schedule in its own group, and for the identity that an e-mail is sent from."""

    def extract_resource_arn(
        service: str, method: str, path: str, headers: Any, body: bytes, params: Mapping[str, Any], *where: str
    ) -> str:
        arn = found(service, method, path, headers, body, params, *where)
        if _DEFAULT_GROUP in arn:
            return arn.replace(_DEFAULT_GROUP, f":schedule/{_group(body, params)}/")
        if service == "ses" and (sender := _sender(body)):
            region, account_id = where
            return f"arn:aws:ses:{region}:{account_id}:identity/{sender}"
        return arn

    iam_actions.extract_resource_arn = extract_resource_arn


def _ask_for_many_as_for_one(found: Callable[..., str | None]) -> None:
    """Have who sends messages together asked for the right to send one: SQS knows no other.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    """

    def extract_iam_action(*request: Any) -> str | None:
        action = found(*request)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extract_iam_action


def _group(body: bytes, params: Mapping[str, Any]) -> str:
    """Return the group of a schedule: it is in the body of what makes one, in the query of what removes one."""
    asked = params.get("groupName") or json.loads(body or b"{}").get("GroupName") or "default"
    return str(asked[0] if isinstance(asked, list) else asked)


def _sender(body: bytes) -> str:
    """Return the address that an e-mail is sent from, empty for what sends none. A label makes no other identity."""
    local, at, domain = parse_qs(body.decode(errors="replace")).get("Source", [""])[0].rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"
