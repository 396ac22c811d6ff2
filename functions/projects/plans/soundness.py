"""What must hold between the parts of a template, each fault with the field that has it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from functions.projects.dependencies import cycle, facts
from functions.projects.dependencies.dependencies import MOST, MOST_PAYMENTS
from functions.projects.plans import filling, share
from functions.projects.plans.templates import Content
from shared.conditions import conditions
from shared.conditions.errors import ExpressionError

Fault = tuple[str, str]
"""A field, and what is wrong with it."""

TEXTS: Final = ("title", "description")
KEYED: Final[Mapping[str, str]] = {"completion_criteria": "text", "evidence_requirements": "title"}
"""The lists of a milestone whose texts may have placeholders, and the field of the text."""


def faults(content: Content) -> list[Fault]:
    """Return what is wrong with a content, which is nothing for one that plans can be made of."""
    return [fault for check in _CHECKS for fault in check(content)]


def closed_cycle(content: Content) -> list[str] | None:
    """Return the keys of a cycle of dependencies, None if there is none; each depends on the one before."""
    edges: dict[str, list[str]] = {}
    for each in content.dependencies:
        path = cycle.closed_by(edges, each["from_key"], each["to_key"])
        if path is not None:
            return path
        edges.setdefault(each["to_key"], []).append(each["from_key"])
    return None


def texts(milestone: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the texts of a milestone that may have placeholders, by their fields."""
    yield from ((name, milestone[name]) for name in TEXTS)
    for name, field in KEYED.items():
        yield from ((f"{name}.{place}.{field}", each[field]) for place, each in enumerate(milestone[name]))


def _keys(content: Content) -> Iterator[Fault]:
    yield from _twice("parameters", [each["name"] for each in content.parameters], "name")
    yield from _twice("milestones", [each["key"] for each in content.milestones], "key")


def _twice(field: str, names: list[str], what: str) -> Iterator[Fault]:
    seen = set[str]()
    for place, name in enumerate(names):
        if name in seen:
            yield f"{field}.{place}.{what}", f"must be another than those before: {name}"
        seen.add(name)


def _defaults(content: Content) -> Iterator[Fault]:
    for place, each in enumerate(content.parameters):
        if each["kind"] == "person" and each["default"] is not None:
            yield f"parameters.{place}.default", "must not be there for a person"


def _placeholders(content: Content) -> Iterator[Fault]:
    known = {each["name"] for each in content.parameters if each["kind"] == "text"}
    for place, milestone in enumerate(content.milestones):
        for field, text in texts(milestone):
            for name in sorted(filling.named(text) - known):
                yield f"milestones.{place}.{field}", f"must name parameters of the template that are texts, not {name}"


def _owners(content: Content) -> Iterator[Fault]:
    known = {each["name"] for each in content.parameters if each["kind"] == "person"}
    for place, milestone in enumerate(content.milestones):
        field = f"milestones.{place}.owners"
        yield from (
            (f"{field}.{number}.person", "must be a parameter of the template that is a person")
            for number, each in enumerate(milestone["owners"])
            if each["person"] not in known
        )
        yield from _twice(field, [each["person"] for each in milestone["owners"]], "person")
        if sum(each["role"] == "primary" for each in milestone["owners"]) > 1:
            yield field, "must not have two primary owners"


def _progress(content: Content) -> Iterator[Fault]:
    for place, each in enumerate(content.milestones):
        field = f"milestones.{place}.progress_source"
        if each["progress_source"] == "checklist" and not each["completion_criteria"]:
            yield field, "must not be checklist without completion_criteria"
        if each["progress_source"] == "hours" and not each["estimated_hours"]:
            yield field, "must not be hours without estimated_hours"


def _approvers(content: Content) -> Iterator[Fault]:
    for place, milestone in enumerate(content.milestones):
        for layer, each in enumerate((milestone["verification_policy"] or {"layers": []})["layers"]):
            for number, approver in enumerate(each["approvers"]):
                if approver.get("user") or approver.get("external"):
                    path = f"milestones.{place}.verification_policy.layers.{layer}.approvers.{number}"
                    yield path, "must be a role or an owner_role: a template is for every project"


def _percentages(content: Content) -> Iterator[Fault]:
    shares = [each["percentage"] for each in content.milestones if each["percentage"] is not None]
    if shares and sum(shares) != share.WHOLE:
        yield "milestones", f"must have percentages that add up to 100, not to {sum(shares) / share.WHOLE * 100:.10g}"


def _edges(content: Content) -> Iterator[Fault]:
    by_key = {each["key"]: each for each in content.milestones}
    pairs = Counter[tuple[str, str]]()
    for place, each in enumerate(content.dependencies):
        field, ends = f"dependencies.{place}", (each["from_key"], each["to_key"])
        unknown = [name for name in ("from_key", "to_key") if each[name] not in by_key]
        yield from ((f"{field}.{name}", "must be the key of a milestone of the template") for name in unknown)
        pairs[ends] += 1
        if pairs[ends] == 2:
            yield field, "must be the only one between these two milestones"
        if not unknown and each["type"] == "payment_to_start" and by_key[ends[0]]["percentage"] is None:
            yield f"{field}.type", "must not wait for the payment of a milestone without a percentage"
        if each["condition"] is not None:
            yield from _condition(f"{field}.condition", each["condition"])


def _condition(field: str, text: str) -> Iterator[Fault]:
    try:
        conditions.read(text, facts.NAMES)
    except ExpressionError as error:
        yield field, str(error)


def _room(content: Content) -> Iterator[Fault]:
    needs = Counter(each["to_key"] for each in content.dependencies)
    paid = Counter(each["to_key"] for each in content.dependencies if each["type"] == "payment_to_start")
    for name in needs:
        if needs[name] > MOST or paid[name] > MOST_PAYMENTS:
            yield "dependencies", f"must be {MOST} into a milestone at most, {MOST_PAYMENTS} on payments: {name}"


_CHECKS: Final[tuple[Callable[[Content], Iterator[Fault]], ...]] = (
    _keys,
    _defaults,
    _placeholders,
    _owners,
    _progress,
    _approvers,
    _percentages,
    _edges,
    _room,
)
