"""How long a warm function takes for a request, against a bare one and against FastAPI, in one run.

The contenders take turns, a few requests each, so that whatever else the machine does hits them all, and what is
compared is what a tenth of their requests stay under.
"""

import os

from tests.bench import instant_table
from tests.bench.contender import CONTENDERS, Contender, Timed
from tests.bench.figures import Figure, quick
from tests.bench.scene import ENVIRONMENT, Scene

ROUNDS = 60
REQUESTS = 20
WARMING = 3

AGAINST_BARE = 0.5
AGAINST_FASTAPI = 0.3
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
    took = {contender: _microseconds(rounds, contender) for contender in CONTENDERS}
    added = {contender: _added_microseconds(rounds, contender) for contender in CONTENDERS}
    return [
        Figure(f"{name}: Milepost", took["milepost"], "µs"),
        Figure(f"{name}: … of it outside the DynamoDB client", added["milepost"], "µs"),
        Figure(f"{name}: to a bare function", took["milepost"] / took["bare"], "x", AGAINST_BARE),
        Figure(f"{name}: to a bare function with a default client", took["milepost"] / took["bare_default"], "x"),
        Figure(f"{name}: to FastAPI and Mangum", took["milepost"] / took["fastapi"], "x", AGAINST_FASTAPI),
        Figure(
            f"{name}: what is added, to FastAPI's", added["milepost"] / added["fastapi"], "x", ADDED_AGAINST_FASTAPI
        ),
    ]


def _microseconds(rounds: Rounds, contender: str) -> float:
    return quick([total for each in rounds for total, _ in each[contender]]) / 1000


def _added_microseconds(rounds: Rounds, contender: str) -> float:
    return quick([total - inside for each in rounds for total, inside in each[contender]]) / 1000
