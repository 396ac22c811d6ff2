"""Links, and what somebody sees who has the address of one."""

import icalendar

from functions.goals.links import replies as link_replies
from tests.aws.entries import Answer
from tests.goals.people import Person, anonymous


def makes_link(person: Person, **fields: object) -> dict:
    answer = person.post("/links", fields)
    assert answer.status == 201, answer.body
    return answer.body


def looks(link: dict, what: str = "calendar", *, more: str = "", **kwargs: object) -> Answer:
    """Look at what a link shows, as anybody who has its address."""
    path, _, query = link["urls"][what].removeprefix("/api/v1").partition("?")
    return anonymous("GET", path, query=f"{query}&{more}" if more else query, **kwargs)


def read(link: dict) -> icalendar.Calendar:
    answer = looks(link)
    assert (answer.status, answer.headers["Content-Type"]) == (200, link_replies.CalendarFeed.MEDIA_TYPE)
    return icalendar.Calendar.from_ical(answer.body)
