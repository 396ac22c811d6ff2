import pytest

from tests.aws import hooks, scheduler
from tests.projects.sources.world import Answers, World
from tests.projects.team import Person
from tests.projects.verification.review import Review


@pytest.fixture
def world(ada: Person, monkeypatch: pytest.MonkeyPatch) -> World:
    """The three contexts, a bus between them, and the queue and group of schedules that the others have."""
    scheduler.make_surroundings(monkeypatch)
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    answers = Answers()
    hooks.register("before-call.eventbridge.PutEvents", answers.put)
    return World(ada, answers)


@pytest.fixture
def review(ada: Person, ben: Person, project: str) -> Review:
    """Ada leads a project; Ben owns its milestone; Cleo, Dana and Emil verify."""
    return Review.of(ada, ben, project)
