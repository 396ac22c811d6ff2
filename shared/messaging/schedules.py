"""Schedules (EventBridge Scheduler): a message that comes to a function's queue when its time has come.

How a context uses them: `infra/constructs/schedules.py` gives a function its queue and the right to set schedules, and
this module sets and removes them by a name that the context chooses, at most 64 letters, digits, `-`, `_` and `.`. AWS
fires within the minute that begins at the instant; it may fire twice, and what was moved or removed a moment ago may
fire all the same. So a message only says what to look at: whoever gets one reads what is true by then, and does what is
due.
"""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from botocore import session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared import clock, config, metrics, pauses
from shared.clock import Instant
from shared.errors import Unavailable
from shared.messaging import queues
from shared.messaging.batches import Message, comes_again
from shared.messaging.metrics import SCHEDULE_LAG
from shared.pauses import Backoff

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient

# A schedule that is made for an instant that has passed by then would never fire.
LEAD = 5 * clock.SECOND
_ATTEMPTS = 3
_DUE_AT: Final = "due_at"
# Ten messages of a batch wait no longer than a function may; after that they come again, later and later.
BUSY: Final = Backoff(first_seconds=0.1, longest_seconds=1.0, patience_seconds=2.0)
_CONNECT_SECONDS: Final = 1
_ANSWER_SECONDS: Final = 2
# https://docs.aws.amazon.com/scheduler/latest/APIReference/CommonErrors.html
_PASSING: Final = frozenset({"InternalServerException", "ServiceUnavailable", "ThrottlingException"})


def put(name: str, *, at: Instant, message: Mapping[str, Any], window_minutes: int = 0) -> None:
    """Have a message sent to the function's queue at an instant, instead of at the one before, if there is one.

    The instant is taken to the next full second, and to five seconds from now if it would be earlier. With a window,
    the message comes within so many minutes after it: what is due at one midnight is so spread. Raises Unavailable.
    """
    at = max(at, clock.now() + LEAD)
    second = clock.to_datetime(-(-at // clock.SECOND) * clock.SECOND)
    request: dict[str, Any] = {
        "Name": name,
        "GroupName": config.schedule_group(),
        "ScheduleExpression": f"at({second:%Y-%m-%dT%H:%M:%S})",
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": _window(window_minutes),
        "ActionAfterCompletion": "DELETE",
        "Target": {
            "Arn": config.schedule_queue_arn(),
            "RoleArn": config.schedule_role_arn(),
            "Input": json.dumps({**message, _DUE_AT: at}),
            "DeadLetterConfig": {"Arn": config.schedule_dead_letters_arn()},
        },
    }
    for _ in range(_ATTEMPTS):
        if _updated(request) or _created(request):
            return
    raise Unavailable("The schedule was being made and removed by others at the same time.")


def remove(name: str) -> None:
    """Remove a schedule; none of this name is as good. Raises Unavailable."""
    try:
        _call(client().delete_schedule, Name=name, GroupName=config.schedule_group())
    except client().exceptions.ResourceNotFoundException:
        return


def come_again(message: Mapping[str, Any]) -> None:
    """Have the message of a schedule that has fired come once more, when AWS is done with removing the schedule.

    AWS removes it "shortly after" and does not say what then becomes of one that was moved in between
    (https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-delete.html). After a quarter of an hour,
    the longest that SQS can wait, whoever gets the message sets the schedule once more.
    """
    queues.send(config.schedule_queue_url(), {**message, "again": True}, delay_seconds=queues.MAX_DELAY_SECONDS)


def measure_lag(messages: Sequence[Message]) -> None:
    """Measure how late the messages of schedules came; what is handed out again was measured the first time."""
    now = clock.now()
    lags = [max(now - each[_DUE_AT], 0) for each in messages if _DUE_AT in each and not comes_again(each)]
    if lags:
        metrics.write({SCHEDULE_LAG: lags})


def _window(minutes: int) -> dict[str, Any]:
    return {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": minutes} if minutes else {"Mode": "OFF"}


def _updated(request: dict[str, Any]) -> bool:
    try:
        _call(client().update_schedule, **request)
    except client().exceptions.ResourceNotFoundException:
        return False
    return True


def _created(request: dict[str, Any]) -> bool:
    try:
        _call(client().create_schedule, **request)
    except client().exceptions.ConflictException:
        return False
    return True


def _call(operation: Callable[..., object], **request: Any) -> None:
    """Make a call, again while the service is busy. Raises ClientError for a refusal that stays, and Unavailable."""
    for _ in pauses.tries(BUSY):
        try:
            operation(**request)
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] not in _PASSING:
                raise
        except BotoCoreError as lost:
            # Nobody waits for it a second time, for nine others of the batch may have to wait as long.
            raise Unavailable("EventBridge Scheduler did not answer in time.") from lost
        else:
            return
    raise Unavailable("EventBridge Scheduler did not take the call in time.")


@functools.cache
def client() -> "EventBridgeSchedulerClient":
    """Return the one client of this process."""
    # Tried again by `_call`, which knows how long a batch may wait.
    once = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_ANSWER_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 1},
    )
    return cast("EventBridgeSchedulerClient", session.get_session().create_client("scheduler", config=once))
