"""How what was sent changes a lead: only the fields that were sent, and an opt-out stays. Pure but for its refusals.

An upsert, which knows the lead by an identifier, adds e-mail addresses and numbers; an update replaces them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience import values
from functions.audience.leads import consent
from functions.audience.leads.consent import State
from functions.audience.leads.leads import Lead
from shared.errors import InvalidInput, NotAllowed

MOST_ADDRESSES: Final = 15
"""Of each kind: an update that replaces all of them still is one transaction, which has 100 actions."""
MOST_EXTERNAL_IDS: Final = 10
IMPORTED: Final = "import"

_AS_SENT: Final = ("name", "status", "locale", "time_zone", "emails", "phones", "tags")
_TOTALS: Final = {
    "total_spend": ("base_spend", "order_spend"),
    "order_count": ("base_orders", "orders"),
    "visits": ("base_visits", "visits"),
}
_STATED: Final = {"last_order_at": "stated_order_at", "last_visit_at": "stated_visit_at"}


class TooManyIdentifiers(NotAllowed):
    """422: a lead has at most 15 e-mail addresses, 15 telephone numbers and 10 external ids."""

    def __init__(self) -> None:
        super().__init__(
            f"A lead has at most {MOST_ADDRESSES} e-mail addresses, {MOST_ADDRESSES} telephone numbers "
            f"and {MOST_EXTERNAL_IDS} external ids."
        )


class CountTooLarge(NotAllowed):
    """422: a lead would have more than 2^53 - 1 orders or visits, which not every client could read."""

    def __init__(self) -> None:
        super().__init__("A lead has at most 2^53 - 1 orders and 2^53 - 1 visits.")


class Sent(NamedTuple):
    """The fields of a lead that were sent, as they are kept; `total_spend` in minor units."""

    fields: Mapping[str, Any]

    @property
    def external_ids(self) -> Sequence[str]:
        """The external id, if one was sent."""
        sent = self.fields.get("external_id")
        return () if sent is None else (sent,)

    @property
    def emails(self) -> Sequence[str]:
        """The e-mail addresses that were sent."""
        found: Sequence[str] = self.fields.get("emails", ())
        return found

    @property
    def phones(self) -> Sequence[str]:
        """The telephone numbers that were sent."""
        found: Sequence[str] = self.fields.get("phones", ())
        return found

    @property
    def consent(self) -> Mapping[str, State]:
        """The consents that were sent."""
        found: Mapping[str, State] = self.fields.get("consent", {})
        return found


def upserted(lead: Lead, sent: Sent, *, at: str) -> Lead:
    """Return a lead after an upsert; itself if nothing differs. Raises NotAllowed, InvalidInput.

    An external id that it was known by before a merge stays one of several.
    """
    fields = dict(sent.fields)
    if fields.get("external_id") in lead.other_external_ids:
        del fields["external_id"]
    if "emails" in fields:
        fields["emails"] = united(lead.emails, sent.emails)
    if "phones" in fields:
        fields["phones"] = united(lead.phones, sent.phones)
    return updated(lead, Sent(fields), at=at)


def updated(lead: Lead, sent: Sent, *, at: str) -> Lead:
    """Return a lead after an update; itself if nothing differs. Raises NotAllowed, InvalidInput."""
    fields = sent.fields
    wanted: dict[str, Any] = {name: fields[name] for name in _AS_SENT if name in fields}
    wanted |= {stated: fields[name] for name, stated in _STATED.items() if name in fields}
    wanted |= _bases(lead, fields)
    if "external_id" in fields:
        wanted |= _external_ids(lead, fields["external_id"])
    if "metadata" in fields:
        wanted["metadata"] = _metadata(lead, fields["metadata"])
    if sent.consent:
        wanted["consent"] = _consent(lead, sent, at)
    after = fitting(lead._replace(**wanted))
    return lead if after == lead else after


def united(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Return what is in either, in this order, each once."""
    return tuple(dict.fromkeys((*one, *other)))


def counted(lead: Lead) -> Lead:
    """Return a lead. Raises CountTooLarge for one that has too many orders or visits."""
    if max(lead.order_count, lead.visit_count) > values.LARGEST:
        raise CountTooLarge
    return lead


def fitting(lead: Lead) -> Lead:
    """Return a lead. Raises TooManyIdentifiers for one that is known by too much."""
    if max(len(lead.emails), len(lead.phones)) > MOST_ADDRESSES or len(lead.external_ids) > MOST_EXTERNAL_IDS:
        raise TooManyIdentifiers
    return lead


def _bases(lead: Lead, fields: Mapping[str, Any]) -> Mapping[str, int]:
    """Return what was stated of totals that were sent: all of them but what is recorded here."""
    return {
        base: fields[name] - getattr(lead, recorded) for name, (base, recorded) in _TOTALS.items() if name in fields
    }


def _external_ids(lead: Lead, sent: str | None) -> Mapping[str, Any]:
    others = tuple(each for each in lead.other_external_ids if each != sent)
    return {"external_id": sent, "other_external_ids": others}


def _metadata(lead: Lead, sent: Mapping[str, Any]) -> str:
    """Return metadata after some of its names were sent; null takes one away."""
    merged = {**json.loads(lead.metadata), **sent}
    try:
        return values.packed({name: each for name, each in merged.items() if each is not None})
    except ValueError as error:
        raise InvalidInput.of("metadata", str(error)) from error


def _consent(lead: Lead, sent: Sent, at: str) -> consent.Consents:
    told = consent.told(lead.consent, sent.consent, at=at, source=IMPORTED)
    if consent.are_too_many(told):
        raise InvalidInput.of("consent", f"must be for {consent.MOST} topics at most")
    return told
