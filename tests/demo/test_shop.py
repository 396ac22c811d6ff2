"""The shop of the demo: a plan of a template and a milestone that follows a goal, once, however often it is loaded."""

from dataclasses import replace
from typing import Any

import pytest

from functions.projects import consumers
from infra.demo import shop
from infra.demo.account import Account
from infra.demo.projects import MILESTONES, Crew, find, planned
from infra.stage.client import Answer
from tests.aws.entries import Context
from tests.demo.conftest import send
from tests.identity.access_tokens.issuer import Issuer
from tests.projects.plans.arriving import queue, requested
from tests.projects.team import Person

__all__ = ["queue"]


@pytest.fixture
def manager(crew: Crew, queue: None) -> Account:
    """The owner of a tenant whose jobs are done before somebody asks how far they are."""
    me = crew.manager.get("/api/v1/auth/me")
    person = Person(me["user_id"], me["tenant_id"], Issuer())

    def working(method: str, url: str, **sent: Any) -> Answer:
        if "/jobs/" in url:
            consumers.handler(requested(person, url.rpartition("/")[2]), Context())
        return send(method, url, **sent)

    return replace(crew.manager, send=working)


@pytest.fixture
def goal(manager: Account) -> str:
    made = manager.post("/api/v1/goals", {"title": shop.GOAL}, idempotency_key="goal")
    return str(made["goal_id"])


def test_a_plan_is_made_once_and_a_milestone_is_bound_to_the_goal(manager: Account, goal: str) -> None:
    assert not shop.is_there(manager)
    shop.bring(manager, goal)
    made = planned(manager, find(manager, shop.NAME) or "")
    bound = manager.get(f"{MILESTONES}/{made[shop.BOUND]}")

    assert shop.is_there(manager)
    assert "The mill shop fitted out" in made
    assert len(made) == 6
    assert (bound["progress_source"], bound["source_id"], bound["status"]) == ("goal", goal, "in_progress")

    shop.bring(manager, goal)

    assert planned(manager, find(manager, shop.NAME) or "") == made
