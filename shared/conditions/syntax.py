"""The syntax of expressions: an allow list of Python's, checked before anything else sees the tree. Pure.

A text is split into the tokens of the language first, so that Python's parser meets no escape, no prefix of a text and
no number but those that have one meaning. Nothing of the tree is ever compiled or run by Python.
"""

import ast
import re
from typing import Final

from shared.conditions.errors import NotReadable, TooLarge

LONGEST: Final = 500
MOST_NODES: Final = 100
DEEPEST: Final = 20
MOST_DIGITS: Final = 34

_TOKEN: Final = re.compile(
    r"""(?P<space>\ +)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?!["']))
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.]))
      | (?P<text>"[^"\\\x00-\x1f\x7f\ud800-\udfff]*"|'[^'\\\x00-\x1f\x7f\ud800-\udfff]*')(?!\ *["'])
      | (?P<operator>==|!=|<=|>=|[-<>+*/()\[\],.])""",
    re.VERBOSE | re.ASCII,
)
_NODES: Final = (
    ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare, ast.Call, ast.Constant, ast.Name, ast.List, ast.Attribute,
    ast.Subscript,
)  # fmt: skip
_OPERATORS: Final = (
    ast.And, ast.Or, ast.Not, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Eq, ast.NotEq, ast.Lt, ast.LtE,
    ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Load,
)  # fmt: skip


class Source:
    """The text of an expression, and where in it a node stands."""

    def __init__(self, text: str) -> None:
        self.skipped = len(text) - len(text.lstrip(" "))
        self.text = text[self.skipped :]
        self._bytes = self.text.encode(errors="surrogatepass")

    def position(self, node: ast.expr) -> int:
        """Return at which character a node begins, counted from 1; Python counts bytes."""
        return self.skipped + len(self._bytes[: node.col_offset].decode()) + 1

    def written(self, node: ast.expr) -> str:
        """Return the text of a node."""
        return self._bytes[node.col_offset : node.end_col_offset].decode()


def parsed(source: Source) -> ast.expr:
    """Return the tree of an expression, which has only what the language allows. Raises NotReadable, TooLarge."""
    if source.skipped + len(source.text) > LONGEST:
        raise TooLarge(LONGEST + 1, f"An expression has {LONGEST} characters at most")
    _require_tokens(source)
    try:
        tree = ast.parse(source.text, mode="eval").body
    except SyntaxError as error:
        at = min(max(error.offset or 1, 1), len(source.text) + 1)
        raise NotReadable(source.skipped + at, "This is not an expression") from error
    except (RecursionError, MemoryError) as error:
        raise TooLarge(1, f"An expression is {DEEPEST} levels deep at most") from error
    _require_allowed(tree, source)
    return tree


def _require_tokens(source: Source) -> None:
    at = 0
    while at < len(source.text):
        found = _TOKEN.match(source.text, at)
        if found is None:
            raise NotReadable(source.skipped + at + 1, f"{source.text[at]!r} has no meaning here")
        if found.lastgroup == "number" and len(found.group()) > MOST_DIGITS:
            raise TooLarge(source.skipped + at + 1, f"A number has {MOST_DIGITS} digits at most")
        at = found.end()


def _require_allowed(tree: ast.expr, source: Source) -> None:
    """Require that each node is of the allow list, and that they are not too many or too deep."""
    level: list[ast.expr] = [tree]
    nodes, depth = 0, 0
    while level:
        nodes, depth = nodes + len(level), depth + 1
        for node in level:
            _require_node(node, source)
            if nodes > MOST_NODES or depth > DEEPEST:
                raise TooLarge(
                    source.position(node), f"An expression has {MOST_NODES} parts on {DEEPEST} levels at most"
                )
        level = [each for node in level for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]


def _require_node(node: ast.expr, source: Source) -> None:
    strange = [each for each in ast.iter_child_nodes(node) if not isinstance(each, (ast.expr, *_OPERATORS))]
    if not isinstance(node, _NODES) or strange:
        raise NotReadable(source.position(node), f"{source.written(node)[:40]!r} is not of the language")
