"""Consent of a lead: for a channel, or for a topic of a channel, `granted`, `pending` or `denied`. Pure.

What somebody has denied stays denied, whatever is imported or updated: only they themselves grant it again, with
evidence (`functions/audience/activity/consents.py`).
"""

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

State = Literal["granted", "pending", "denied"]
STATES: Final[tuple[State, ...]] = ("granted", "pending", "denied")
CHANNELS: Final = ("email", "sms", "push", "whatsapp", "webhook")
MOST: Final = 20
"""How many topics the consents of a lead may name, besides the channels: nobody is kept from opting out of one."""
PATTERN: Final = r"^(email|sms|push|whatsapp|webhook)(/[a-z0-9_-]{1,40})?$"

_SUBJECT: Final = re.compile(PATTERN)


class Consent(NamedTuple):
    """The consent to one channel or topic: its state, since when, and where it came from."""

    state: State
    at: str
    source: str


Consents = Mapping[str, Consent]


def is_subject(text: str) -> bool:
    """Return whether a text names a channel, or a topic of one: `email`, `email/newsletter`."""
    return _SUBJECT.fullmatch(text) is not None


def are_too_many(consents: Consents) -> bool:
    """Return whether consents name more topics than are kept."""
    return sum("/" in subject for subject in consents) > MOST


def is_denied(consents: Consents, subject: str) -> bool:
    """Return whether somebody opted out of a channel or topic; out of a channel means out of all of its topics."""
    channel = subject.partition("/")[0]
    return any(each in consents and consents[each].state == "denied" for each in (subject, channel))


def told(consents: Consents, sent: Mapping[str, State], *, at: str, source: str) -> Consents:
    """Return consents after an import or an update has named some: an opt-out stays.

    One of a channel that is sent with consents to its topics wins over them, in whatever order they are sent.
    """
    refused = {subject for subject, state in sent.items() if state == "denied"}
    changed = {
        subject: Consent(state, at, source)
        for subject, state in sent.items()
        if not is_denied(consents, subject)
        and (subject in refused or subject.partition("/")[0] not in refused)
        and (subject not in consents or consents[subject].state != state)
    }
    return {**consents, **changed} if changed else consents


def joined(one: Consents, other: Consents) -> Consents:
    """Return the consents of two leads that are one person: an opt-out of either wins, then a consent of either."""
    found = {**other, **one}
    for subject in one.keys() & other.keys():
        found[subject] = min(one[subject], other[subject], key=_precedence)
    return found


def changes(before: Consents, after: Consents) -> Mapping[str, Consent]:
    """Return the consents that are new or differ."""
    return {subject: each for subject, each in after.items() if before.get(subject) != each}


def _precedence(consent: Consent) -> int:
    return ("denied", "granted", "pending").index(consent.state)
