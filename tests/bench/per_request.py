"""How long a warm function takes for a request, against a bare one, FastAPI and the floor, in one run.

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

AGAINST_BARE = {"progress": 0.5, "complete": 0.5, "goals": 0.4}
AGAINST_FASTAPI = {"progress": 0.3, "complete": 0.3}
ADDED_AGAINST_FASTAPI = {"progress": 0.5, "complete": 0.5}
FIELD_AGAINST_REST = 1.15

NAMES = {"progress": "reading progress", "complete": "completing a task", "goals": "a list of 20 goals"}
FIELD = "reading progress as a GraphQL field"

Rounds = list[dict[str, Timed]]
"""What each contender took, round by round."""


def measure(scene: Scene) -> list[Figure]:
    """Return the figures of reading progress, of completing a task, of a list, and of a GraphQL field."""
    with instant_table.serving(scene.rules) as endpoint:
        environment = {**os.environ, **ENVIRONMENT, "AWS_ENDPOINT_URL": endpoint}
        events = {**scene.events, "field": scene.field_event}
        first = Contender("milepost", events=events, environment=environment, calls={})
        calls = {request: first.record(request) for request in scene.events}
        first.stop()
        running = {name: Contender(name, events=events, environment=environment, calls=calls) for name in CONTENDERS}
        try:
            figures = [figure for request in scene.events for figure in judged(request, _rounds(running, request))]
            return figures + judged_field(_field_rounds(running["milepost"]))
        finally:
            for contender in running.values():
                contender.stop()


def _rounds(running: dict[str, Contender], request: str) -> Rounds:
    rounds = [
        {name: contender.time(request, times=REQUESTS) for name, contender in running.items()}
        for _ in range(WARMING + ROUNDS)
    ]
    return rounds[WARMING:]


def _field_rounds(milepost: Contender) -> Rounds:
    asked = ("field", "progress")
    rounds = [{name: milepost.time(name, times=REQUESTS) for name in asked} for _ in range(WARMING + ROUNDS)]
    return rounds[WARMING:]


def judged(request: str, rounds: Rounds) -> list[Figure]:
    """Return the figures of what the contenders took for a request."""
    name = NAMES[request]
    took = {contender: _microseconds(rounds, contender) for contender in CONTENDERS}
    added = {contender: _added_microseconds(rounds, contender) for contender in CONTENDERS}
    ratio = {contender: took["milepost"] / took[contender] for contender in CONTENDERS}
    return [
        Figure(f"{name}: Milepost", took["milepost"], "µs"),
        Figure(f"{name}: … of it outside the DynamoDB client", added["milepost"], "µs"),
        Figure(f"{name}: to a bare function with boto3", ratio["bare"], "x", AGAINST_BARE[request]),
        Figure(f"{name}: to a bare function with a default client", ratio["bare_default"], "x"),
        Figure(f"{name}: to FastAPI and Mangum", ratio["fastapi"], "x", AGAINST_FASTAPI.get(request)),
        Figure(
            f"{name}: what is added, to FastAPI's",
            added["milepost"] / added["fastapi"],
            "x",
            ADDED_AGAINST_FASTAPI.get(request),
        ),
        Figure(f"{name}: the floor, its calls on a socket", took["floor"], "µs"),
        Figure(f"{name}: to the floor", ratio["floor"], "x"),
    ]


def judged_field(rounds: Rounds) -> list[Figure]:
    """Return the figures of what a field took, and the same over REST."""
    field, rest = (_microseconds(rounds, name) for name in ("field", "progress"))
    return [Figure(f"{FIELD}", field, "µs"), Figure(f"{FIELD}: to REST", field / rest, "x", FIELD_AGAINST_REST)]


def _microseconds(rounds: Rounds, contender: str) -> float:
    return quick([total for each in rounds for total, _ in each[contender]]) / 1000


def _added_microseconds(rounds: Rounds, contender: str) -> float:
    return quick([total - inside for each in rounds for total, inside in each[contender]]) / 1000
