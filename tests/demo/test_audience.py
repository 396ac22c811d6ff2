"""The audience of the demo through the API: people with their orders and segments, once however often it is brought."""

from concurrent.futures import Executor, Future
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.demo import audience, audience_board, people
from infra.demo.account import Account
from infra.demo.board import picture
from tests.demo.conftest import send
from tests.identity.people import registered

FEW = 40


class InTurn(Executor):
    """Does one after the other, for requests in this process share its event."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@pytest.fixture
def owner(pepper: str, noon: None, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Somebody to whose tenant a few of the people come, two of whom have orders."""
    monkeypatch.setattr(people, "COUNT", FEW)
    monkeypatch.setattr(people, "BUYERS", 2)
    monkeypatch.setattr(audience, "ThreadPoolExecutor", lambda _: InTurn())
    return Account(api_url="https://api.example", token=registered("ada").signs_in().access_token, send=send)


def test_people_orders_and_segments_are_there_once(owner: Account) -> None:
    for _ in range(2):
        audience.bring(owner)
    found = [*owner.every(audience.LEADS)]
    (buyer,) = owner.get(f"{audience.LEADS}?email={people.email(1)}")["items"]
    orders = [*owner.every(f"{audience.LEADS}/{buyer['lead_id']}/orders")]

    assert len(found) == FEW
    assert sorted(audience.segments(owner)) == sorted(audience.RULES)
    assert len(orders) == buyer["order_count"] == len([*people.orders(1, datetime.now(UTC))])
    assert buyer["total_spend_minor_units"] == sum(each["amount_minor_units"] for each in orders)


def test_what_broke_off_is_completed(owner: Account) -> None:
    audience.bring(owner)
    last = audience.segments(owner)[audience.RECENT]
    owner.send("DELETE", f"{owner.api_url}{audience.SEGMENTS}/{last}", token=owner.token)
    audience.bring(owner)

    assert len([*owner.every(audience.LEADS)]) == FEW
    assert audience.RECENT in audience.segments(owner)


def test_the_board_says_how_many_are_where_and_how_far_campaigns_are() -> None:
    counts = {"pending": 10, "bounced": 2, "failed": 0}
    funnel = {"sent": 88, "delivered": 80, "opened": 40, "clicked": 9}
    running = {
        "name": "Monthly letter",
        "status": "running",
        "stats": {"audience": 100, "counts": counts, "funnel": funnel},
    }
    svg = picture(audience_board.board(2_000, {"Good customers": 296}, [running])).replace("&#160;", " ")

    assert "2,000 people" in svg
    assert "296" in svg
    assert "90 of 100" in svg
    assert "80 delivered, 40 opened, 9 clicked" in svg
