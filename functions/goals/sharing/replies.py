"""What callers get about shares."""

from typing import Literal

from functions.goals.replies import GOAL_ID, USER_ID, Page, Reply, example

_SHARE = {"goal_id": GOAL_ID, "user_id": USER_ID, "role": "viewer", "shared_at": "2026-01-02T08:00:00.000Z"}


class Share(Reply):
    """Who a goal is shared with, and as what."""

    model_config = example(_SHARE)
    goal_id: str
    user_id: str
    role: Literal["viewer", "contributor"]
    shared_at: str


class Shares(Page):
    """A page of shares."""

    model_config = example({"items": [_SHARE], "next_cursor": None})
    items: list[Share]
