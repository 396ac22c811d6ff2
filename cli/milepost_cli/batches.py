"""Many rows in few requests: each as large as the API takes one, with room to spare."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from milepost_cli.stops import Misused

MOST_ROWS = 100
MOST_CHARACTERS = 500_000

Row = TypeVar("Row")


def parts(rows: Iterable[Row], sent: Callable[[Row], Any]) -> Iterator[list[Row]]:
    """Yield the rows in parts that one request may have; `sent` is what a row looks like in it."""
    part: list[Row] = []
    characters = 0
    for row in rows:
        length = len(json.dumps(sent(row)))
        if part and (len(part) == MOST_ROWS or characters + length > MOST_CHARACTERS):
            yield part
            part, characters = [], 0
        part.append(row)
        characters += length
    if part:
        yield part


def objects(content: bytes) -> list[tuple[int, dict[str, Any]]]:
    """Return the objects of JSON lines, each with the number of its line. Raises Misused for a line that is none."""
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise Misused("The file is not UTF-8.") from error
    return [(number, json_object(line, f"Line {number}")) for number, line in enumerate(lines, 1) if line.strip()]


def json_file(file: Path) -> dict[str, Any]:
    """Return the object that a file holds. Raises Misused, which names the file, for anything else."""
    return json_object(text_of(file), file.name)


def text_of(file: Path) -> str:
    """Return the text of a file with its line ends as they are. Raises Misused for one that is not UTF-8."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Misused(f"{file.name} is not UTF-8.") from error


def json_object(text: str, what: str) -> dict[str, Any]:
    """Return the object that the text is. Raises Misused, which calls it by `what`, for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Misused(f"{what} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Misused(f"{what} is no JSON object.")
    return found
