"""Push to a telephone, through a platform endpoint of Amazon SNS, one attempt at a time.

https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html
"""

import json
from typing import Any, Final, NamedTuple

from shared.sending import attempts, sns
from shared.sending.answers import Answer
from shared.sending.attempts import Limits

# What Apple and Google take of a notice.
_LARGEST_BYTES: Final = 4096


class Notice(NamedTuple):
    """What is shown, and where a tap on it leads."""

    title: str
    body: str
    link: str | None = None


def send(notice: Notice, *, endpoint_arn: str, limits: Limits | None = None) -> Answer:
    """Send a notice once. An endpoint that is gone, or whose app was removed, is `refused`."""
    payloads = [_apple(notice), _google(notice)]
    try:
        largest = max(len(payload.encode()) for payload in payloads)
    except UnicodeError as error:
        return Answer("refused", type(error).__name__)
    if largest > _LARGEST_BYTES:
        return Answer("refused", "PayloadTooLarge")
    apple, google = payloads
    message = {"default": notice.body, "APNS": apple, "APNS_SANDBOX": apple, "GCM": google}
    request = {"TargetArn": endpoint_arn, "MessageStructure": "json", "Message": json.dumps(message)}
    return attempts.make((sns.client(limits) if limits else sns.client()).publish, request, sns.judged)


def _apple(notice: Notice) -> str:
    return _compact({"aps": {"alert": {"title": notice.title, "body": notice.body}}, **_leading(notice)})


def _google(notice: Notice) -> str:
    shown = {"notification": {"title": notice.title, "body": notice.body}}
    return _compact({"fcmV1Message": {"message": {**shown, "data": _leading(notice)}}})


def _leading(notice: Notice) -> dict[str, str]:
    return {"link": notice.link} if notice.link else {}


def _compact(payload: dict[str, Any]) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
