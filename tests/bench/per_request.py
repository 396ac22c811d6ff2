"""How long a warm function takes for a request, against a bare one and against FastAPI, in one run.

The contenders take turns, a few requests each, so that whatever else the machine does hits them all. A ratio is taken
within a round, and the figure is the median over the rounds.
"""

import os
from statistics import median

from tests.bench import instant_table
from tests.bench.contender import CONTENDERS, Contender, Timed
from tests.bench.figures import Figure
from tests.bench.scene import ENVIRONMENT, Scene

ROUNDS = 60
REQUESTS = 20
WARMING = 3

AGAINST_BARE = 1.2
AGAINST_FASTAPI = 0.8
ADDED_AGAINST_FASTAPI = 0.5

NAMES = {"progress": "reading progress", "complete": "completing a task"}

Rounds = list[dict[str, Timed]]
"""What each contender took, round by round."""


def measure(scene: Scene) -> list[Figure]:
    """Return the figures of reading progress and of completing a task."""
    with instant_table.serving(scene.rules) as endpoint:
        environment = {**os.environ, **ENVIRONMENT, "AWS_ENDPOINT_URL": endpoint}
        first = Contender("milepost", events=scene.events, environment=environment, calls={})
        calls = {request: first.record(request) for request in scene.events}
        first.stop()
        running = {
            name: Contender(name, events=scene.events, environment=environment, calls=calls) for name in CONTENDERS
        }
        try:
            return [figure for request in scene.events for figure in judged(request, _rounds(running, request))]
        finally:
            for contender in running.values():
                contender.stop()


def _rounds(running: dict[str, Contender], request: str) -> Rounds:
    rounds = [
        {name: contender.time(request, times=REQUESTS) for name, contender in running.items()}
        for _ in range(WARMING + ROUNDS)
    ]
    return rounds[WARMING:]


def judged(request: str, rounds: Rounds) -> list[Figure]:
    """Return the figures of what the contenders took for a request."""
    name = NAMES[request]
    return [
        Figure(f"{name}: Milepost", _typical(rounds, "milepost"), "µs"),
        Figure(f"{name}: … of it outside the DynamoDB client", median(map(_added, rounds)), "µs"),
        Figure(f"{name}: to a bare function", _ratio(rounds, "bare"), "x", AGAINST_BARE),
        Figure(f"{name}: to a bare function with a default client", _ratio(rounds, "bare_default"), "x"),
        Figure(f"{name}: to FastAPI and Mangum", _ratio(rounds, "fastapi"), "x", AGAINST_FASTAPI),
        Figure(f"{name}: what is added, to FastAPI's", _added_ratio(rounds), "x", ADDED_AGAINST_FASTAPI),
    ]


def _typical(rounds: Rounds, name: str) -> float:
    return median(_total(each, name) for each in rounds)


def _ratio(rounds: Rounds, other: str) -> float:
    return median(_total(each, "milepost") / _total(each, other) for each in rounds)


def _added_ratio(rounds: Rounds) -> float:
    return median(_added(each) / _added(each, "fastapi") for each in rounds)


def _total(timed: dict[str, Timed], name: str) -> float:
    return median(total for total, _ in timed[name]) / 1000


def _added(timed: dict[str, Timed], name: str = "milepost") -> float:
    return median(total - inside for total, inside in timed[name]) / 1000
