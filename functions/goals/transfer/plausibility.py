"""Whether what is said of a goal's past can have been: pure, exact, from its points and its last ledger.

Between two points a ledger stood from its own change until the day of the next one began, at least. So it is known for
all that time how far the goal was, and a claim of when a milestone was reached is held against it. What happened
within a day of changes is believed.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from functions.goals import progress
from functions.goals.progress import THRESHOLDS, Ledger
from shared.errors import InvalidInput
from shared.instants import DAY, Instant, to_rfc3339

Span = tuple[Ledger, Instant, Instant]
"""A ledger with the first and the last instant at which it is known to have stood."""


def require_order(history: Sequence[Ledger], last: Ledger) -> None:
    """Return when there is one point a day, oldest first, each before the last change. Raises InvalidInput."""
    days = [ledger.changed_at // DAY for ledger in [*history, last]]
    for index, (day, following) in enumerate(pairwise(days)):
        if day >= following:
            raise InvalidInput.of(f"history.{index}.changed_at", "must be of a day before that of the next change")


def require_sums(ledger: Ledger, at: Callable[[str], str]) -> None:
    """Return when the counters of a ledger can be those of tasks; `at` says where a field is. Raises InvalidInput."""
    pairs = (("total_tasks", "counted_weight"), ("completed_tasks", "done_weight"))
    for tasks, weight in pairs:
        number, sum_ = getattr(ledger, tasks), getattr(ledger, weight)
        if not number <= sum_ <= 1000 * number:
            raise InvalidInput.of(at(weight), f"cannot be that of {number} tasks, which weigh 1 to 1000 each")
    for part, whole in (("completed_tasks", "total_tasks"), ("done_weight", "counted_weight")):
        if getattr(ledger, part) > getattr(ledger, whole):
            raise InvalidInput.of(at(part), f"must not be more than {whole}")
    if ledger.end is not None and ledger.end <= ledger.start:
        raise InvalidInput.of(at("end_at"), "must be after start_at")


def require_reached(history: Sequence[Ledger], last: Ledger, *, opened_at: Instant) -> None:
    """Return when the milestones can have been reached as the last ledger says. Raises InvalidInput.

    `opened_at` is an instant that the goal was not there before.
    """
    _require_ascending("achieved_at", last.since)
    _require_ascending("first_achieved_at", last.first)
    for index, (since, first) in enumerate(zip(last.since, last.first, strict=True)):
        for name, instant in (("achieved_at", since), ("first_achieved_at", first)):
            if instant is not None and not opened_at <= instant <= last.changed_at:
                raise _refusal(name, index, "must be between the opening of the goal and its last change")
        if since is not None and (first is None or first > since):
            raise _refusal("first_achieved_at", index, "must not be after achieved_at")
        _require_known(list(_spans(history, last)), index, since, first)


def require_present(last: Ledger) -> None:
    """Return when those milestones are said to be reached that are, at the last change. Raises InvalidInput."""
    for index, percentage in enumerate(THRESHOLDS):
        if _reaches(last, index, last.changed_at) != (last.since[index] is not None):
            reached = progress.percent(progress.hybrid(last, last.changed_at))
            raise _refusal("achieved_at", index, f"{percentage} % at {to_rfc3339(last.changed_at)}: it was {reached} %")


def _require_ascending(name: str, instants: progress.Instants) -> None:
    for index, (lower, higher) in enumerate(pairwise(instants), start=1):
        if higher is not None and (lower is None or lower > higher):
            raise _refusal(name, index, "must not be before that of the milestone below")


def _require_known(spans: Sequence[Span], index: int, since: Instant | None, first: Instant | None) -> None:
    """Raise InvalidInput when a ledger of the history says otherwise of one milestone."""
    for ledger, begin, end in spans:
        if since is not None and since <= end and not _reaches(ledger, index, max(since, begin)):
            raise _refusal("achieved_at", index, f"it was not reached at {to_rfc3339(max(since, begin))}")
        if since is not None and begin < since <= end and _reaches(ledger, index, since - 1):
            raise _refusal("achieved_at", index, "it had been reached before")
        before_first = end if first is None else min(first - 1, end)
        if begin <= before_first and _reaches(ledger, index, before_first):
            raise _refusal("first_achieved_at", index, f"it had been reached by {to_rfc3339(before_first)}")
        if first is not None and begin < first <= end and not _reaches(ledger, index, first):
            raise _refusal("first_achieved_at", index, f"it was not reached at {to_rfc3339(first)}")


def _spans(history: Sequence[Ledger], last: Ledger) -> Iterator[Span]:
    for ledger, following in pairwise([*history, last]):
        yield ledger, ledger.changed_at, following.changed_at // DAY * DAY - 1


def _reaches(ledger: Ledger, index: int, at: Instant) -> bool:
    numerator, denominator = progress.hybrid(ledger, at)
    return numerator >= THRESHOLDS[index] * denominator


def _refusal(name: str, index: int, reason: str) -> InvalidInput:
    return InvalidInput.of(f"{name}.{index}", reason)
