"""What payments tell of a milestone is kept beside it: which of its payments are in trouble now.

Whether that is escalated is decided by the look that follows, as for everything else that nobody raises.
"""

from collections.abc import Sequence

from functions.projects import escalations, open_escalations, payment_troubles
from functions.projects.milestones import milestones
from functions.projects.open_escalations import OpenEscalations
from functions.projects.payment_troubles import PaymentTroubles
from functions.projects.timers.seeing import Subject
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.events import Event
from shared.storage.writes import Write


def hear(which: Subject, happened: Sequence[Event]) -> None:
    """Keep what events say of the payments of a milestone; one call, and a transaction if they say anything new.

    A payment that is in trouble once more is escalated once more, unless the escalation of before is open.
    """
    if not happened:
        return
    place = which.partition
    keys = [milestones.key(which.tenant_id, which.project_milestone_id)]
    keys += [payment_troubles.key(place), open_escalations.key(place)]

    def plan() -> Plan[None]:
        milestone, paying, escalated = table.get_many(keys, consistent=True)
        before, known = payment_troubles.of(paying), open_escalations.of(escalated)
        after, troubled = _after(before, happened)
        if milestone is None or after == before:
            return Plan(None)
        writes: list[Write] = [payment_troubles.changed(place, before, after)]
        forgotten = _over(place, known, troubled)
        if forgotten:
            left = [each for each in known.causes if each not in forgotten]
            writes.append(open_escalations.knowing(place, known, left))
        return Plan(None, writes)

    changes.make(plan)


def _after(before: PaymentTroubles, happened: Sequence[Event]) -> tuple[PaymentTroubles, set[str]]:
    """Return what is known after some events, and which payments are in trouble by one of them."""
    found, troubled = before, set[str]()
    for each in happened:
        # Events of invoices that an earlier version has written name none.
        if "payment_id" not in each.data:
            continue
        after, payment_id = found.after(each), each.data["payment_id"]
        if after != found and each.data.get("needs_people") and payment_id in after.troubles:
            troubled.add(payment_id)
        found = after
    return found, troubled


def _over(place: str, known: OpenEscalations, troubled: set[str]) -> set[str]:
    """Return the causes of the present trouble for which an escalation was raised that is not open any more."""
    causes = {escalations.cause("failed_payment", each) for each in troubled} & {*known.causes}
    if not causes:
        return causes
    return causes - {each.cause for each in escalations.find(place, [*known.by_kind.values()])}
