"""Why a command ends before its work is done, and the exit code that tells a script so.

Stop
├── Refused        1  a rule of the API forbids it, or part of the rows was refused
├── Misused        2  the command line makes no sense
├── NotSignedIn    3  no session, an ended one, or a credential that is not good
├── NotFound       4  there is no such thing, or not for you to know
├── Unavailable    5  nobody answered, or not in time; the same command may be given again
└── NotPermitted   6  you are known, but may not do this
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, ClassVar


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    REFUSED = 1
    MISUSED = 2
    NOT_SIGNED_IN = 3
    NOT_FOUND = 4
    UNAVAILABLE = 5
    NOT_PERMITTED = 6
    INTERRUPTED = 130


class Stop(Exception):
    """The root of all; its text is for a person, `problem` the answer of the API if there was one."""

    exit_code: ClassVar[Exit] = Exit.REFUSED

    def __init__(self, text: str, *, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(text)
        self.problem: Mapping[str, Any] = problem or {}

    @property
    def reasons(self) -> list[str]:
        """Return why, one line for each field that the API named, or the one sentence that there is."""
        named = [f"{error['field']}: {error['reason']}" for error in self.problem.get("errors", [])]
        return named or [str(self)]


class Refused(Stop):
    """Exit code 1: a rule forbids it."""


class Misused(Stop):
    """Exit code 2: what was typed makes no sense."""

    exit_code = Exit.MISUSED


class NotSignedIn(Stop):
    """Exit code 3: sign in first."""

    exit_code = Exit.NOT_SIGNED_IN


class NotFound(Stop):
    """Exit code 4: there is no such thing."""

    exit_code = Exit.NOT_FOUND


class Unavailable(Stop):
    """Exit code 5: nobody answered, or not in time."""

    exit_code = Exit.UNAVAILABLE


class NotPermitted(Stop):
    """Exit code 6: known, but not allowed."""

    exit_code = Exit.NOT_PERMITTED


_BY_STATUS: Mapping[int, type[Stop]] = {401: NotSignedIn, 403: NotPermitted, 404: NotFound, 429: Unavailable}


def of_answer(status: int, problem: Mapping[str, Any]) -> Stop:
    """Return the stop that a refusal of the API is, with the sentence that the API has for it."""
    kind = Unavailable if status >= 500 else _BY_STATUS.get(status, Refused)
    text = str(problem.get("detail") or problem.get("message") or f"The API answered {status}.")
    code = problem.get("code")
    return kind(text if code is None else f"{text} ({code})", problem=problem)
