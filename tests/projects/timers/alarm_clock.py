"""EventBridge Scheduler as histories need it: it knows what is set by its API, and fires what a history lets it."""

import json
from typing import Any

from botocore.awsrequest import AWSResponse

from shared.messaging import schedules

_UNKNOWN = {"Error": {"Code": "ResourceNotFoundException", "Message": "no such schedule"}}


class AlarmClock:
    """What functions have set at the Scheduler, by name: the expression, and the message."""

    def __init__(self) -> None:
        self.set: dict[str, tuple[str, str]] = {}
        schedules.client().meta.events.register("before-call.scheduler", self._called)

    def stop(self) -> None:
        """Answer no calls any more."""
        schedules.client().meta.events.unregister("before-call.scheduler", self._called)

    def due(self, now: str) -> list[str]:
        """Return the messages of what is due at an instant, to the second; it is gone by that, as at AWS."""
        found = [name for name, (at, _) in self.set.items() if at <= f"at({now[:19]})"]
        return [self.set.pop(name)[1] for name in found]

    def _called(self, model: Any, params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        name = params["url_path"].rpartition("/")[2]
        is_known = name in self.set
        if model.name == "DeleteSchedule":
            self.set.pop(name, None)
        elif is_known or model.name == "CreateSchedule":
            sent = json.loads(params["body"])
            self.set[name] = (sent["ScheduleExpression"], sent["Target"]["Input"])
            is_known = True
        status = 200 if is_known else 404
        return AWSResponse("", status, {}, None), {} if is_known else _UNKNOWN
