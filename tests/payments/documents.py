"""The parts of docs/paying.md that are made of the code's own data."""

from functions.payments.financing import transition as financing
from functions.payments.releases import patience
from functions.payments.transition import STATUSES, TRANSITIONS


def transitions() -> list[str]:
    """Return the rows of the table of what becomes of a payment."""
    rows = []
    for event, each in TRANSITIONS.items():
        before = ", ".join(f"`{status}`" for status in STATUSES if status in each.before)
        after = "where it was stopped" if each.after is None else f"`{each.after}`"
        rows.append(f"| `{event}` | {before} | {after} | {each.by} | {each.when} |")
    return rows


def diagram() -> list[str]:
    """Return the lines of the state diagram (Mermaid)."""
    lines = ["stateDiagram-v2", "    [*] --> pending"]
    for event, each in TRANSITIONS.items():
        for before in STATUSES:
            if before in each.before:
                lines += [
                    f"    {before} --> {after}: {event}" for after in ([each.after] if each.after else _stopped())
                ]
    return lines


def financing_transitions() -> list[str]:
    """Return the rows of the table of what becomes of a financing request."""
    rows = []
    for event, each in financing.TRANSITIONS.items():
        before, after = (", ".join(f"`{status}`" for status in several) for several in (each.to, each.to.values()))
        where = "as it was" if event == "repay" else ", ".join(dict.fromkeys(after.split(", ")))
        rows.append(f"| `{event}` | {before} | {where} | {each.by} | {each.when} |")
    return rows


def looks() -> str:
    """Return after how many minutes a payment is asked about."""
    *first, last = [str(each // patience.MINUTE) for each in patience.LOOKS]
    return f"{', '.join(first)} and {last} minutes"


def _stopped() -> list[str]:
    return [each for each in STATUSES if each in TRANSITIONS["hold"].before | TRANSITIONS["doubt"].before]
