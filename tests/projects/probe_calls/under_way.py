"""Calls that are under way, as histories need them: the queue that brings them, and an address of many moods."""

import contextlib
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from functions.projects.following import calling
from functions.projects.milestones import milestones
from functions.projects.timers.seeing import Subject
from shared import config
from shared.errors import Refusal
from shared.storage import events, table
from tests.aws import hooks
from tests.projects.probe_calls.addresses import Address

_CALLS = "before-call.sqs"


class UnderWay:
    """The queue of calls: what functions have sent to it, and which events have come to them."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self._followed: set[str] = set()
        hooks.register(_CALLS, self._called)

    def stop(self) -> None:
        """Answer no calls any more."""
        hooks.unregister(_CALLS, self._called)

    def follow(self, which: Subject, times: Callable[[], int]) -> None:
        """Let each event that has not come yet come so many times."""
        place = milestones.history(which.tenant_id, which.project_milestone_id)
        for happened in map(events.stored, table.query_all(place, events.prefix(which.project_milestone_id))):
            if calling.is_begun(happened) and happened.event_id not in self._followed:
                self._followed.add(happened.event_id)
                for _ in range(times()):
                    calling.send(happened)

    def take(self, chance: random.Random) -> str:
        """Return a message, most often the newest; one that stays comes again. Raises IndexError without one."""
        message = self.messages[-1] if chance.random() < 0.6 else chance.choice(self.messages)
        if chance.random() < 0.7:
            self.messages.remove(message)
        return message

    def _called(self, params: dict[str, Any], **_: Any) -> dict[str, Any] | None:
        sent = json.loads(params["body"])
        if sent["QueueUrl"] != config.queue_url("PROBE_CALLS"):
            return None
        self.messages += [each["MessageBody"] for each in sent["Entries"]]
        return {"Successful": [{"Id": each["Id"]} for each in sent["Entries"]], "Failed": []}


class Mood(NamedTuple):
    """What an address does with a call, and what a probe names as its failure."""

    status: int = 200
    state: str = "passed"
    percent: int = 40
    failure: str | None = None
    body: bytes | None = None
    is_silent: bool = False

    def answer(self, address: Address) -> None:
        """Let an address answer a call that has come to it."""
        sent = address.asked[-1][2].get("Authorization")
        address.says(state=self.state.format(secret=sent), percent=self.percent)
        address.status, address.body, address.is_silent = self.status, self.body or address.body, self.is_silent


MOODS = [
    *[Mood(percent=each) for each in (0, 10, 40, 70, 100)],
    Mood(state="failed"),
    Mood(state="You sent {secret}."),
    Mood(percent=101, failure="progress_unusable"),
    *[Mood(status, failure="status_not_success") for status in (401, 429, 500, 503)],
    Mood(302, failure="redirected"),
    Mood(body=b"<html></html>", failure="not_json"),
    Mood(body=b"{}", failure="nothing_there"),
    Mood(failure="connection_failed", is_silent=True),
]


@contextlib.contextmanager
def answering(address: Address, mood: Mood, meanwhile: Callable[[], None]) -> Iterator[None]:
    """Let an address be in a mood as long as the block lasts; something is done while it is asked.

    What is refused meanwhile changes nothing; what fails there fails the block.
    """
    broken = list[Exception]()

    def before_answer() -> None:
        try:
            with contextlib.suppress(Refusal):
                meanwhile()
        except Exception as error:
            broken.append(error)
        mood.answer(address)

    address.before_answer = before_answer
    yield
    if broken:
        raise broken[0]
