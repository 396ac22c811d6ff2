"""Sequences from the command line."""

from collections.abc import Callable

from tests.cli.shell import Shell


def order(shell: Shell, sequence: str = "script") -> list[list[str]]:
    return [row[:3] for row in shell.types("sequences", "show", sequence).rows]


def test_elements_are_created_reordered_and_deleted(adas: Shell):
    for element in ("opening", "chase", "7"):
        assert adas.types("sequences", "add", "script", element, "--comment", "first").exit_code == 0
    changed = adas.types("sequences", "reorder", "script", "7", "opening")

    assert sorted(changed.rows) == [["7", "3", "1"], ["opening", "1", "3"]]
    assert order(adas) == [["1", "7", "1"], ["2", "chase", "1"], ["3", "opening", "1"]]
    assert adas.types("sequences", "delete", "script", "chase", "--yes").exit_code == 0
    assert [row[1] for row in order(adas)] == ["7", "opening"]
    assert [each["element_type"] for each in adas.types("sequences", "list", "--json").lines] == ["script"]


def test_elements_of_an_added_type_are_moved(adas: Shell):
    adas.types("sequences", "type", "scene", "--order", "rank")
    for element in ("a", "b", "c"):
        adas.types("sequences", "add", "season-1/scene", element)

    moved = adas.types("sequences", "move", "season-1/scene", "c", "--before", "a", "--json")

    assert moved.json["element_id"] == "c"
    assert [row[1] for row in order(adas, "season-1/scene")] == ["c", "a", "b"]
    assert adas.types("sequences", "move", "season-1/scene", "c").exit_code == 1


def test_versions_are_made_of_a_file_and_listed(adas: Shell, file: Callable[..., str]):
    adas.types("sequences", "add", "script", "opening")

    made = adas.types("sequences", "version", "script", "opening", "--label", "draft 2", "--data", file('{"a": 1}'))

    assert made.exit_code == 0
    assert [row[0] for row in adas.types("sequences", "versions", "script", "opening").rows] == ["2", "1"]
    assert adas.types("sequences", "version", "script", "opening", "--data", file("{")).exit_code == 2


def test_a_sequence_is_compacted_now_or_by_a_job(adas: Shell):
    for element in ("a", "b"):
        adas.types("sequences", "add", "script", element)
    adas.types("sequences", "delete", "script", "a", "--yes")
    begun = adas.types("sequences", "compact", "script", "--json")

    assert begun.json["kind"] == "sequences.compact"
    assert adas.types("sequences", "compact", "section").out == ""


def test_rows_are_imported_and_what_comes_twice_is_reported(adas: Shell, file: Callable[..., str]):
    rows = [f"{number},{number},{version},again" for number in range(1, 61) for version in (1, 2)]
    plan = "element_id,sequence_number,version_number,comment\n" + "\n".join([*rows, "x,60,1,"])

    ran = adas.types("sequences", "import", "script", file(plan))

    assert ran.exit_code == 1
    assert "1 of 121 rows were not stored." in ran.err
    assert ran.rows[-1] == ["x", "60", "1", "duplicate_number", "60"]
    assert len(order(adas)) == 60
    assert adas.asked.count("POST /api/v1/sequences/global/script/import") == 2
    assert adas.types("sequences", "import", "script", file("element_id\n1")).exit_code == 2


def test_an_import_goes_on_when_the_same_command_is_given_again(adas: Shell, file: Callable[..., str]):
    path = file("element_id,sequence_number,version_number\na,1,1\nb,2,1\n")
    adas.types("sequences", "import", "script", path)
    ran = adas.types("sequences", "import", "script", path)

    assert ran.exit_code == 0
    assert [row[3] for row in ran.rows] == ["imported_before", "imported_before"]


def test_elements_are_given_each_others_numbers(adas: Shell):
    for element in ("a=1", "b"):
        adas.types("sequences", "add", "script", element.removesuffix("=1"))
    changed = adas.types("sequences", "renumber", "script", "a=2", "b=1")

    assert sorted(changed.rows) == [["a", "1", "2"], ["b", "2", "1"]]
    assert adas.types("sequences", "renumber", "script", "a").exit_code == 2
    assert dict(adas.types("sequences", "element", "script", "a").rows)["sequence_number"] == "2"


def test_what_versions_hold_is_shown_compared_and_restored(adas: Shell, file: Callable[..., str]):
    rest = f'"rest": "{"x" * 200}"'
    adas.types("sequences", "add", "script", "opening", "--data", file(f'{{"text": "Once", "old": 1, {rest}}}'))
    adas.types("sequences", "version", "script", "opening", "--data", file(f'{{"text": "Twice", {rest}}}'))

    shown = adas.types("sequences", "content", "script", "opening", "1")
    difference = adas.types("sequences", "difference", "script", "opening")
    restored = adas.types("sequences", "restore", "script", "opening", "1", "--comment", "Back", "--json")
    none = adas.types("sequences", "difference", "script", "opening", "--older", "1", "--newer", "3", "--json")

    assert dict(shown.rows)["data"] == f'{{"text": "Once", "old": 1, {rest}}}'
    assert difference.rows == [["replace", "/text", '"Twice"'], ["remove", "/old", ""]]
    assert (restored.json["version_number"], restored.json["restored_from"]) == (3, 1)
    assert none.json == {"older": 1, "newer": 3, "operations": []}


def test_added_types_are_listed(adas: Shell):
    adas.types("sequences", "type", "scene", "--order", "rank")

    assert [row[:2] for row in adas.types("sequences", "types").rows] == [["scene", "rank"]]
