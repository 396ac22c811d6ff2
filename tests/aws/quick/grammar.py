"""What DynamoDB refuses of expressions for how they are written, whatever they are held against.

Each name and each value that is declared must be used, and each that is used declared. A word that is reserved must be
declared as a name, and an update may change nothing twice.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
"""

import functools
import re
from collections.abc import Iterator
from typing import Any

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

_WORDS = re.compile(r"[#:]?[A-Za-z_]\w*")
_SECTIONS = re.compile(r"\b(?:SET|REMOVE|ADD|DELETE)\b")
_TARGETS = re.compile(r"(?:^|,)\s*([#\w.]+)")
_ARGUMENTS = re.compile(r"\([^()]*\)")
_OF_THE_LANGUAGE = {"ADD", "AND", "BETWEEN", "DELETE", "IN", "NOT", "OR", "REMOVE", "SET"}
_FUNCTIONS = re.compile(r"\b[a-z_]+(?=\s*\()")


def is_refused(operation: str, request: dict[str, Any]) -> bool:
    """Return whether DynamoDB would refuse an expression of a request for how it is written."""
    return any(
        _is_wrong(
            tuple(sorted((name, text) for name, text in action.items() if name.endswith("Expression"))),
            _declared(action, "ExpressionAttributeNames"),
            _declared(action, "ExpressionAttributeValues"),
        )
        for action in _actions(operation, request)
    )


def _actions(operation: str, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if operation == "TransactWriteItems":
        yield from (action for each in request["TransactItems"] for action in each.values())
    elif operation == "BatchGetItem":
        yield from request["RequestItems"].values()
    else:
        yield request


def _declared(action: dict[str, Any], name: str) -> frozenset[str] | None:
    return frozenset(action[name]) if name in action else None


@functools.cache
def _is_wrong(
    expressions: tuple[tuple[str, str], ...], names: frozenset[str] | None, values: frozenset[str] | None
) -> bool:
    words = {word for _, text in expressions for word in _WORDS.findall(_FUNCTIONS.sub("", text))} - _OF_THE_LANGUAGE
    used = {kind: {word for word in words if word.startswith(kind)} for kind in "#:"}
    plain = words - used["#"] - used[":"]
    return (
        not _are_used(names, used["#"])
        or not _are_used(values, used[":"])
        or not {word.upper() for word in plain}.isdisjoint(_reserved())
        or any(_is_changed_twice(text) for name, text in expressions if name == "UpdateExpression")
    )


def _are_used(declared: frozenset[str] | None, used: set[str]) -> bool:
    """Return whether what is declared is what is used; what declares nothing must not be there."""
    return used == declared if declared is not None and declared else not used and declared is None


def _is_changed_twice(update: str) -> bool:
    targets = [target for clause in _SECTIONS.split(update) for target in _TARGETS.findall(_flat(clause))]
    return len(set(targets)) < len(targets)


def _flat(clause: str) -> str:
    """Return a clause without what stands between brackets, whose commas end nothing."""
    while (without := _ARGUMENTS.sub("", clause)) != clause:
        clause = without
    return clause


@functools.cache
def _reserved() -> frozenset[str]:
    return frozenset(ReservedKeywords.get_reserved_keywords())
