"""Files that commands read: what is not UTF-8 is said in one line that names the file, and nothing is sent."""

from collections.abc import Callable

import pytest

from tests.cli.shell import Shell

NO_TEXT = b'{"name": "caf\xe9 \x81"}'
JSON_COMMANDS = (
    ("collections", "create"),
    ("collections", "change", "shop"),
    ("collections", "synonyms", "shop"),
    ("collections", "stop-words", "shop"),
    ("collections", "documents", "put", "shop"),
    ("sequences", "add", "task", "e-1", "--data"),
    ("segments", "create"),
    ("segments", "preview"),
    ("campaigns", "create"),
    ("providers", "create"),
)
LINES = (("collections", "documents", "sync", "shop"), ("suppressions", "import"))


@pytest.mark.parametrize("command", JSON_COMMANDS, ids=" ".join)
def test_a_file_that_is_not_utf_8_is_refused_by_its_name(adas: Shell, file: Callable[..., str], command: list[str]):
    before = adas.asked
    ran = adas.types(*command, file(NO_TEXT, name="draft.json"))

    assert (ran.exit_code, ran.err.strip()) == (2, "milepost: draft.json is not UTF-8.")
    assert adas.asked == before


@pytest.mark.parametrize("command", LINES, ids=" ".join)
def test_lines_that_are_not_utf_8_are_refused(adas: Shell, file: Callable[..., str], command: list[str]):
    before = adas.asked
    ran = adas.types(*command, file(NO_TEXT, name="lines.jsonl"))

    assert (ran.exit_code, ran.err.strip()) == (2, "milepost: The file is not UTF-8.")
    assert adas.asked == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"element_id,sequence_number,version_number\ncaf\xe9,1,1\n", "milepost: rows.csv is not UTF-8."),
        (
            b"element_id,sequence_number,version_number\n" + b"x" * 140_000 + b",1,1\n",
            "milepost: rows.csv is no CSV: field",
        ),
    ],
)
def test_rows_of_a_sequence_that_cannot_be_read(adas: Shell, file: Callable[..., str], content: bytes, said: str):
    before = adas.asked
    ran = adas.types("sequences", "import", "global/task", file(content, name="rows.csv"))

    assert ran.exit_code == 2
    assert ran.err.startswith(said)
    assert adas.asked == before
