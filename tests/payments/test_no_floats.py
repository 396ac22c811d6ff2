"""No number of payments is a binary float: their syntax trees have nothing that makes one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path("functions/payments")
PLACES_ON_A_PAGE = {FOLDER / "papers" / name for name in ("fonts.py", "layout.py", "pdf.py")}
"""What measures a page, in points, and is given amounts as texts."""
MODULES = sorted({*FOLDER.rglob("*.py")} - PLACES_ON_A_PAGE)
FLOAT_NAMES = {"float", "complex", "cmath", "math", "statistics", "random", "numpy", "as_integer_ratio"}


def floats(tree: ast.AST) -> Iterator[str]:
    """Yield what in a syntax tree is a float, or makes one of whole numbers."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() | complex()):
                yield f"line {node.lineno}: {node.value}"
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                yield f"line {node.lineno}: a quotient"
            case ast.BinOp(op=ast.Pow(), right=ast.UnaryOp(op=ast.USub())):
                yield f"line {node.lineno}: a power below one"
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name) if name in FLOAT_NAMES:
                yield f"{name}"
            case ast.ImportFrom(module=name) if name in FLOAT_NAMES:
                yield f"line {node.lineno}: {name}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_of_payments_has_no_float(module: Path):
    assert list(floats(ast.parse(module.read_text()))) == []


def test_there_are_modules_to_look_at():
    assert FOLDER / "money" / "rounding.py" in MODULES
    assert all(each.exists() for each in PLACES_ON_A_PAGE)


@pytest.mark.parametrize(
    "source",
    [
        "tax = 0.18",
        "half = total / 2",
        "total /= 2",
        "unit = 10 ** -2",
        "amount = float('1')",
        "def pay(amount: float): pass",
        "import math",
        "from math import floor",
        "from statistics import mean",
        "odd = 1j",
        "amount = builtins.float(text)",
    ],
)
def test_the_look_finds_what_makes_a_float(source: str):
    assert list(floats(ast.parse(source)))


@pytest.mark.parametrize("source", ["half = total // 2", "whole = 10 ** 15", "text = '0.18'", "rest = total % 7"])
def test_whole_numbers_and_texts_pass(source: str):
    assert list(floats(ast.parse(source))) == []
