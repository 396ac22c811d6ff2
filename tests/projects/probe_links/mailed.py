"""Links of probes as they are mailed, and used by somebody who is not signed in."""

from typing import Any

from functions.projects import api
from tests.aws.entries import Answer, call, http_event
from tests.identity.codes import challenged as codes
from tests.projects.following.telling import follow, of_milestone
from tests.projects.team import Person

MARY = {"name": "Mary Somerville", "address": "Mary@Example.com"}
HEARD = ("projects.probe.asked", "projects.probe.reminded", "projects.probe.answered", "projects.probe.missed")


def asks(what: str, token: str, **more: Any) -> Answer:
    """Ask as somebody without an account."""
    path = f"/api/v1/probe-replies/{what}"
    return call(api.handler, api.api, http_event("POST", path, {"token": token, **more}))


def replies(token: str, answer: str = "on_track", **more: Any) -> Answer:
    return asks("answer", token, answer=answer, **{"comment": "It turns.", **more})


def told(person: Person, milestone: str) -> None:
    """Deliver the events of the probes of a milestone twice to whoever follows, as a queue may."""
    follow(*[each for each in of_milestone(person, milestone) if each.event_type in HEARD])


def read() -> str:
    """Return the text of the last mail."""
    return str(codes.as_read().get_content()).replace("=\n", "")


def token() -> str:
    """Return the token of the link in the last mail."""
    return read().partition("/probe#")[2].partition("\n")[0].strip()


def addressees() -> list[str]:
    """Return whom mails went to, in their order; moto names each by its envelope and by its header."""
    return [address for mail in codes.sent() for address in {*mail.destinations}]
