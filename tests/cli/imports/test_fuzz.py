"""Bytes of any kind given to an import: it ends with a documented exit code and without a traceback."""

from collections.abc import Callable

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from milepost_cli.imports import sheets
from milepost_cli.stops import Misused
from tests.cli.shell import Shell

File = Callable[..., str]
DOCUMENTED = {0, 1, 2}
CELLS = st.sampled_from(
    [
        "title",
        "due",
        "tags",
        "goal",
        '"',
        '""',
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "sep=;\n",
        "\x00",
        "\ufeff",
        "9999-12-31",
    ]
)
TEXTS = st.lists(CELLS | st.text(max_size=5), max_size=30).map("".join)
ENCODINGS = st.sampled_from([None, "utf-8", "utf-16", "utf-7", "idna", "unicode_escape", "undefined", "hex", "", "\0"])
BYTES = st.binary(max_size=200) | TEXTS.map(lambda text: text.encode("utf-8", "replace"))
BYTES |= TEXTS.map(lambda text: ("title,due\n" + text).encode("utf-16", "replace"))
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=40, deadline=None, suppress_health_check=QUIET)
@given(content=BYTES, encoding=ENCODINGS)
@example(content=b"title,goal\nA,\xff\xfe\n", encoding=None)
@example(content=b"title,due\nA,0001-01-01T00:00+23:59\n", encoding=None)
@example(content=b"title,goal,goal_start\nA,House,0001-01-01\n", encoding=None)
@example(content=b"title\n\\ud800\n", encoding="unicode_escape")
@example(content=b"\\\x00", encoding="unicode_escape")
def test_an_import_of_any_bytes_ends_with_a_documented_code(
    adas: Shell, file: File, content: bytes, encoding: str | None
):
    path = file(content)
    options = [] if encoding is None else ["--encoding", encoding]

    ran = adas.types("import", path, "--dry-run", "--map", "goal=title", "--json", *options)

    assert ran.exit_code in DOCUMENTED
    assert ran.exit_code == 0 or ran.err.startswith("milepost: ")


@settings(max_examples=30, deadline=None, suppress_health_check=QUIET)
@given(content=st.binary(max_size=100) | st.lists(st.sampled_from('[]{}:,"x1\n')).map("".join).map(str.encode))
@example(content=b'[{"a": 1}]\n')
@example(content=b'"x"')
@example(content=b"[" * 100_000)
@example(content=b'{"kind": "export", "format": 1}\n{"kind": "goal", "goal_id": [], "goal": {}}\n')
@example(content=b'{"kind": "export", "format": 1}\n{"kind": "goal", "goal_id": "a", "goal": []}\n')
@example(content=b'{"kind": "export", "format": 1}\n{"kind": "task", "goal_id": "a", "task": {}}\n')
@example(content=b'{"kind": "export", "format": 1}\n{"kind": {}}\n7\n')
def test_a_restore_of_any_bytes_is_refused_with_one_sentence(adas: Shell, file: File, content: bytes):
    ran = adas.types("restore", file(content))

    assert (ran.exit_code, ran.err.count("\n")) == (2, 1)


@given(text=TEXTS, delimiter=st.sampled_from(",;\t|"))
def test_every_row_has_a_cell_for_each_heading_or_a_fault(text: str, delimiter: str):
    try:
        sheet = sheets.read(text, delimiter)
    except Misused:
        return

    assert [row for row in sheet.rows if row.fault is None and len(row.cells) != len(sheet.headings)] == []
    assert [row.number for row in sheet.rows] == sorted({row.number for row in sheet.rows})


SAFE = st.text(st.characters(exclude_characters='"\r\n,', exclude_categories=["Cs"]), min_size=1, max_size=5).filter(
    str.strip
)


@given(before=st.lists(SAFE, max_size=4), after=st.lists(SAFE, max_size=4), broken=SAFE)
def test_a_broken_row_leaves_those_before_and_after_it_as_they_are(before: list[str], after: list[str], broken: str):
    lines = [*[f"{each},x" for each in before], f'"{broken}" {broken},x', *[f"{each},x" for each in after]]

    rows = sheets.read("title,due\n" + "\n".join(lines), ",").rows

    assert [row.cells[0] for row in rows if row.fault is None] == [*before, *after]
    assert [row.number for row in rows if row.fault is not None] == [len(before) + 2]
