"""The sweep of plans: one that broke off is dropped, and one that was published is told of to its end."""

from collections.abc import Callable
from typing import Final

from functions.projects.plans import arriving, plans
from shared import actors, clock
from shared.jobs import jobs

_AT_ONCE: Final = 100


def run(has_time: Callable[[], bool]) -> int:
    """See to plans that no job works on any more, and return how many there were. `has_time` is asked before each."""
    done = 0
    for plan in plans.due(clock.now() - jobs.STUCK_AFTER, limit=_AT_ONCE):
        if not has_time():
            break
        made = plans.made(plan)
        with actors.acting(actors.read(plan.actor) or actors.SYSTEM):
            arriving.drop(plan, made)
            arriving.tell(plan, made)
        done += 1
    return done
