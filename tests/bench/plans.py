"""What the plan of the largest project takes of the processor: 2,000 milestones and 6,000 dependencies."""

import random
from collections.abc import Callable
from time import process_time
from typing import Any, Final, get_args

from functions.projects.dependencies import cycle
from functions.projects.dependencies.dependencies import Dependency, Type
from functions.projects.planning import schedule
from functions.projects.planning.schedule import Work
from tests.bench.figures import Figure, quick

_MILESTONES: Final = 2000
_EDGES: Final = 6000
_TIMES: Final = 20


def measure() -> list[Figure]:
    """Return what checking for a cycle and the critical path take, in milliseconds."""
    edges = _edges()
    last = str(_MILESTONES - 1)
    chosen = random.Random(2)  # noqa: S311 - no secret
    works = {
        each: Work(chosen.randint(1, 9), None, [_dependency(chosen, from_id) for from_id in froms])
        for each, froms in edges.items()
    }
    return [
        Figure("a cycle looked for", _milliseconds(lambda: cycle.closed_by(edges, last, "none")), "ms", 15),
        Figure("critical path", _milliseconds(lambda: schedule.of(works, 0)), "ms", 30),
    ]


def _edges() -> dict[str, list[str]]:
    chosen = random.Random(1)  # noqa: S311 - no secret
    edges = {str(number): list[str]() for number in range(_MILESTONES)}
    count = 0
    while count < _EDGES:
        later = chosen.randrange(1, _MILESTONES)
        earlier = str(chosen.randrange(max(0, later - 40), later))
        if earlier not in edges[str(later)]:
            edges[str(later)].append(earlier)
            count += 1
    return edges


def _dependency(chosen: random.Random, from_id: str) -> Dependency:
    return Dependency(from_id, chosen.choice(get_args(Type)), chosen.randint(-3, 5))


def _milliseconds(run: Callable[[], Any]) -> float:
    times = []
    for _ in range(_TIMES):
        began = process_time()
        run()
        times.append((process_time() - began) * 1000)
    return quick(times)
