"""Automated checks of a layer: what a policy asks of evidence, criteria and amount, and how each turns out. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, get_args

from functions.projects.layers import analysis
from functions.projects.layers.analysis import Analysis, Piece
from shared.instants import Instant

Name = Literal[
    "evidence_count",
    "evidence_types",
    "evidence_hashes",
    "evidence_expiry",
    "score",
    "checklist",
    "amount_tolerance",
]

NAMES: Final[tuple[Name, ...]] = get_args(Name)
MOST: Final = 20
PARTS: Final[Mapping[Name, frozenset[str]]] = {
    "evidence_count": frozenset({"at_least"}),
    "evidence_types": frozenset({"media_types"}),
    "evidence_hashes": frozenset({"sha256s"}),
    "evidence_expiry": frozenset({"days"}),
    "score": frozenset({"at_least"}),
    "checklist": frozenset({"keys"}),
    "amount_tolerance": frozenset({"expected_minor_units", "tolerance_percent"}),
}
"""What each check takes. A count takes a `requirement` besides, if only evidence for that is counted."""
AMOUNTS: Final[Name] = "amount_tolerance"
"""The check that tells the amount."""


class Subject(NamedTuple):
    """What is checked: the evidence that is there, the criteria by their keys, and the amount."""

    pieces: Sequence[Piece]
    criteria: Mapping[str, bool]
    amount_minor_units: int | None
    wants_some: bool
    now: Instant

    @property
    def analysis(self) -> Analysis:
        """What is found in the evidence."""
        return analysis.analysed(self.pieces, wants_some=self.wants_some, now=self.now)


class Result(NamedTuple):
    """How a check turned out; `finding` says what was found, without the amount."""

    check: str
    is_passed: bool
    finding: str


def subject(milestone: Any, pieces: Sequence[Piece], now: Instant) -> Subject:
    """Return what is checked of the record of a milestone and its evidence."""
    criteria = {each["key"]: bool(each["is_met"]) for each in milestone.completion_criteria}
    return Subject(pieces, criteria, milestone.amount_minor_units, bool(milestone.evidence_requirements), now)


def run(wanted: Sequence[Mapping[str, Any]], found: Subject) -> list[Result]:
    """Return how the checks of a layer turn out, in their order."""
    return [Result(each["check"], *_LOOKS[each["check"]](each, found)) for each in wanted]


def failed(results: Sequence[Result]) -> str | None:
    """Return a sentence that says which checks have failed, None if none has."""
    said = [f"{each.check} ({each.finding})" for each in results if not each.is_passed]
    return f"Automated checks have failed: {'; '.join(said)}." if said else None


def _count(check: Mapping[str, Any], found: Subject) -> tuple[bool, str]:
    wanted = check.get("requirement")
    count = len([each for each in found.pieces if wanted in (None, each.requirement)])
    return count >= check["at_least"], f"{count} of {check['at_least']} pieces"


def _types(check: Mapping[str, Any], found: Subject) -> tuple[bool, str]:
    others = [each for each in found.pieces if each.media_type not in check["media_types"]]
    return not others, f"{len(others)} pieces of another type"


def _hashes(check: Mapping[str, Any], found: Subject) -> tuple[bool, str]:
    there = {each.sha256 for each in found.pieces}
    missing = [each for each in check["sha256s"] if each not in there]
    return not missing, f"{len(missing)} files are missing"


def _expiry(check: Mapping[str, Any], found: Subject) -> tuple[bool, str]:
    soon = [each for each in found.pieces if analysis.expires_within(each, check["days"], found.now)]
    return not soon, f"{len(soon)} pieces expire within {check['days']} days"


def _score(check: Mapping[str, Any], found: Subject) -> tuple[bool, str]:
    score = found.analysis.score
    return score >= check["at_least"], f"score {score} of {check['at_least']}"


def _checklist(check: Mapping[str, Any], found: Subject) -> tuple[bool, str]:
    unmet = [key for key in check["keys"] if not found.criteria.get(key, False)]
    return not unmet, f"{len(unmet)} criteria are not met"


def _amount(check: Mapping[str, Any], found: Subject) -> tuple[bool, str]:
    if found.amount_minor_units is None:
        return False, "there is no amount"
    expected = check["expected_minor_units"]
    is_near = 100 * abs(found.amount_minor_units - expected) <= check["tolerance_percent"] * expected
    return is_near, f"the amount is {'within' if is_near else 'outside'} the tolerance"


_LOOKS: Final[Mapping[str, Callable[[Mapping[str, Any], Subject], tuple[bool, str]]]] = {
    "evidence_count": _count,
    "evidence_types": _types,
    "evidence_hashes": _hashes,
    "evidence_expiry": _expiry,
    "score": _score,
    "checklist": _checklist,
    "amount_tolerance": _amount,
}
