"""Calls of the evaluator: a milestone it knows, and the signature of what it says."""

from datetime import UTC, datetime

import pytest

from examples.evaluator.deliveries import signed
from tests.milestones.people import (
    SECRET,
    Person,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()


@pytest.fixture
def known(ada: Person) -> tuple[str, str]:
    """A milestone, and the id by which the evaluator knows it."""
    created = ada.creates().body
    return created["milestone_uid"], created["forse_milestone_id"]


def sealed(body: str, **changed: str | None) -> dict[str, str]:
    headers: dict[str, str | None] = {**signed("msg_1", body, secret=SECRET, at=NOW), **changed}
    return {name: value for name, value in headers.items() if value is not None}
