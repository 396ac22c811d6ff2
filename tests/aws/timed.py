"""A run of a function whose time passes with what it does, not with the clock of the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.aws import hooks
from tests.aws.entries import Context

TIMEOUT_SECONDS = 60


class TimedOut(BaseException):
    """Lambda ends the process here."""


@dataclass(frozen=True)
class Timed(Context):
    """The context of a run: `took` holds how many seconds it has taken by now."""

    took: tuple[list[float], ...] = ()

    def get_remaining_time_in_millis(self) -> int:
        return round((TIMEOUT_SECONDS - sum(self.took[0])) * 1000)


@contextmanager
def timed(operation: str, seconds: float) -> Iterator[Timed]:
    """Let every call of an operation (`dynamodb.PutItem`) take so long; a run that takes all its time is ended."""
    took: list[float] = []

    def passes(**_: object) -> None:
        took.append(seconds)
        if sum(took) > TIMEOUT_SECONDS:
            raise TimedOut

    with hooks.registered(f"before-call.{operation}", passes):
        yield Timed(took=(took,))
