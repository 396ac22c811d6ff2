"""What the code is held to as text and as a syntax tree; each check returns what is wrong, in words."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
FORBIDDEN_NAMES = {"util", "utils", "helper", "helpers", "common", "core", "base", "service", "services"} | {
    "manager",
    "managers",
    "impl",
}
KEY_ATTRIBUTES = {"PK", "SK", "GSI1PK", "GSI1SK"}
AWS_CLIENTS = {"boto3", "botocore"}


def sources(*folders: str) -> dict[str, str]:
    """Return the Python files below the folders, by path from the root."""
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}


def too_long_file(path: str, text: str) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines > MOST_LINES_OF_A_FILE:
        yield f"{path} has {lines} lines"


def too_long_functions(path: str, text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield f"{path}: {node.name} has {lines} lines"


def vague_name(path: str, _: str) -> Iterator[str]:
    for part in Path(path).with_suffix("").parts:
        if FORBIDDEN_NAMES.intersection(part.lower().split("_")):
            yield f"{path}: {part} says nothing"


def aws_imports(path: str, text: str) -> Iterator[str]:
    for node in _evaluated(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                modules = [name.name for name in names]
            case ast.ImportFrom(module=str(module)):
                modules = [module]
            case _:
                modules = []
        for module in modules:
            if module.split(".")[0] in AWS_CLIENTS:
                yield f"{path} imports {module}"


def key_attributes(path: str, text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and node.value in KEY_ATTRIBUTES:
            yield f"{path}:{node.lineno} names {node.value}"


def _evaluated(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run; what stands under TYPE_CHECKING does not."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            yield node
            yield from _evaluated(node)
