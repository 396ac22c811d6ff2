"""How large the tree of a rule may be. It is walked without recursion: a rule may come as deep as JSON can be. Pure."""

from typing import Any, Final, NamedTuple

from functions.audience.segments.rules.refusals import RuleRefused

MAX_DEPTH: Final = 10
MAX_NODES: Final = 200
MAX_CHILDREN: Final = 50
_MAX_NESTING: Final = 2 * MAX_DEPTH + 2
"""A node is an object within a list of children; the last may have a list of values."""


class _Place(NamedTuple):
    node: Any
    path: str
    depth: int


def check(tree: Any) -> None:
    """Refuse a tree that is too deep, too large or too broad, whatever its nodes are. Raises RuleRefused."""
    count = 0
    waiting = [_Place(tree, "$", 1)]
    while waiting:
        place = waiting.pop()
        count += 1
        check_place(place.path, depth=place.depth, count=count)
        # The first child is the next to be looked at: a node comes before its children, and they before its siblings.
        waiting.extend(reversed(_below(place)))


def check_nesting(tree: Any) -> None:
    """Refuse JSON that is nested more deeply than any rule, also where it is no rule. Raises RuleRefused.

    What is done with JSON before it is known to be a rule may recurse.
    """
    check(tree)
    level = [tree] if isinstance(tree, (dict, list)) else []
    for _ in range(_MAX_NESTING):
        inside = [[*each.values()] if isinstance(each, dict) else each for each in level]
        level = [each for values in inside for each in values if isinstance(each, (dict, list))]
        if not level:
            return
    raise RuleRefused("AST_TOO_DEEP", "$", "a rule must not hold anything that is nested more deeply than its nodes")


def check_place(path: str, *, depth: int, count: int) -> None:
    """Refuse a node that is too deep, or one too many. Raises RuleRefused."""
    if depth > MAX_DEPTH:
        raise RuleRefused("AST_TOO_DEEP", path, f"a rule may be {MAX_DEPTH} levels deep, the segments in it included")
    if count > MAX_NODES:
        raise RuleRefused("AST_TOO_LARGE", path, f"a rule may have {MAX_NODES} nodes, those of segments included")


def _below(place: _Place) -> list[_Place]:
    if not isinstance(place.node, dict):
        return []
    where, children = place.node.get("where"), place.node.get("children")
    found = [] if where is None else [_Place(where, f"{place.path}.where", place.depth + 1)]
    if isinstance(children, list):
        if len(children) > MAX_CHILDREN:
            raise RuleRefused("AST_TOO_LARGE", place.path, f"a node may have {MAX_CHILDREN} children")
        found += [_Place(each, f"{place.path}.children[{n}]", place.depth + 1) for n, each in enumerate(children)]
    return found
