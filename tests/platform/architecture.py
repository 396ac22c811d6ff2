"""What the code is held to as text and as a syntax tree; each check returns what is wrong, in words."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
MOST_MODULES_OF_A_FOLDER = 24
FEWEST_OF_A_PREFIX = 3
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


def crowded_folders(paths: Iterable[str]) -> Iterator[str]:
    """Yield the folders that hold more modules than a reader takes in at a glance: a subject has to move out."""
    for folder, names in _modules(paths).items():
        if len(names) > MOST_MODULES_OF_A_FOLDER:
            yield f"{folder} holds {len(names)} modules"


def prefixes_that_are_folders(paths: Iterable[str]) -> Iterator[str]:
    """Yield the prefixes that several modules of a folder share: such modules belong into a folder of that name."""
    for folder, names in _modules(paths).items():
        prefixes = Counter(name.split("_")[0] for name in names)
        for prefix, count in prefixes.items():
            if count >= FEWEST_OF_A_PREFIX:
                yield f"{folder}: {count} modules begin with {prefix}"


def imported_tests(path: str, text: str) -> Iterator[str]:
    """Yield the test modules that a module imports: what two tests need stands in a module of its own."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                modules = [name.name for name in names]
            case ast.ImportFrom(module=str(module), names=names):
                modules = [module, *(name.name for name in names)]
            case _:
                modules = []
        for module in modules:
            if module.rpartition(".")[2].startswith("test_"):
                yield f"{path} imports {module}"


CLOCKS = {"monotonic", "perf_counter", "process_time", "thread_time", "time"}


def asserted_times(path: str, text: str) -> Iterator[str]:
    """Yield the assertions about how long something took: limits of time belong to the bench."""
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef):
            elapsed = _elapsed(function)
            for node in ast.walk(function):
                if isinstance(node, ast.Assert) and (_measures(node.test, elapsed) or _reads_clock(node.test)):
                    yield f"{path}:{node.lineno} asserts a time"


def _elapsed(function: ast.FunctionDef) -> set[str]:
    """Return the names of what holds a stretch of time, also in lists, and of functions that return one."""
    names: set[str] = set()
    # What is measured by a function of its own stands before its use.
    for node in sorted(ast.walk(function), key=lambda each: getattr(each, "end_lineno", 0)):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _measures(value, names):
                names.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[value]) if _measures(
                value, names
            ):
                names.add(name)
            case ast.FunctionDef(name=name) if node is not function and _returns_a_measure(node, names):
                names.add(name)
    return names


def _returns_a_measure(function: ast.FunctionDef, names: set[str]) -> bool:
    return any(
        isinstance(node, ast.Return) and node.value and _measures(node.value, names) for node in ast.walk(function)
    )


def _measures(expression: ast.AST, elapsed: set[str]) -> bool:
    """Return whether an expression subtracts from a clock, or names what was measured."""
    return any(
        (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and _reads_clock(node.left))
        or (isinstance(node, ast.Name) and node.id in elapsed)
        for node in ast.walk(expression)
    )


def _reads_clock(expression: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "time"
        and node.func.attr.removesuffix("_ns") in CLOCKS
        for node in ast.walk(expression)
    )


def _modules(paths: Iterable[str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for path in map(PurePosixPath, paths):
        if path.stem != "__init__":
            folders.setdefault(str(path.parent), []).append(path.stem)
    return folders


def _evaluated(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run; what stands under TYPE_CHECKING does not."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            yield node
            yield from _evaluated(node)
