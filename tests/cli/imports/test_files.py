"""Files as programs really write them: every row that can be understood comes in, and the others are named."""

import codecs
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.shell import Ran, Shell

File = Callable[..., str]
ROW = ["Paint the door"]
JIRA = (
    "Summary,Issue key,Status,Labels,Labels,Sprint,Sprint,Due date\n"
    "Sand it,DR-1,To Do,wood,dust,1,2,\nPrime it,DR-2,In Review,wood,,2,,2027-05-02\nBuy brushes,DR-3,Done,shop,,2,,\n"
)
ASANA = (
    "Task ID,Created At,Completed At,Name,Due Date,Tags,Notes\n"
    '7,2026-03-01,2026-03-04,Buy brushes,2026-03-05,"shop, wood",\n8,2026-03-01,,Sand it,2027-05-01,,\n'
)
TRELLO = (
    "Card ID,Card Name,Due Date,Due Complete,List Name,Labels\n"
    'a,Sand it,2027-05-01T09:00:00.000Z,false,Doing,"wood (brown), dust (grey)"\nb,Buy brushes,,true,Done,\n'
)
TODOIST = (
    "\ufeffTYPE,CONTENT,DESCRIPTION,PRIORITY,DATE,TIMEZONE\n"
    "section,Before,,,,\ntask,Sand it,,1,2027-05-01,UTC\n,,,,,\ntask,Sweep,,1,every friday,UTC\nnote,Wear a mask,,,,\n"
)
NOTION = 'Name,Status,Due\nSand it,Not started,"May 1, 2027"\nBuy brushes,Done,\n'


@pytest.fixture
def goal(adas: Shell) -> str:
    made = adas.types("goals", "add", "House", "--deadline", "2030-12-31", "--time-zone", "Europe/Berlin", "--json")
    goal_id: str = made.json["goal_id"]
    return goal_id


def imported(shell: Shell, path: str, *options: str) -> Ran:
    return shell.types("import", path, "--goal", "House", "--json", *options)


@pytest.mark.parametrize("date_format", ["%d.%m.%Y %d", "%Y%Y%m%d", "%x %d"])
def test_a_format_that_says_a_part_twice_ends_in_a_sentence(adas: Shell, goal: str, file: File, date_format: str):
    ran = imported(adas, file(b"title,due\nA,2027-01-01\n"), "--dry-run", "--date-format", date_format)

    assert ran.exit_code in (1, 2)
    assert "Traceback" not in ran.err


def tasks(shell: Shell, goal: str = "House") -> list[dict[str, Any]]:
    return shell.types("tasks", "list", goal, "--json").lines


def titles(shell: Shell, goal: str = "House") -> list[str]:
    return [task["title"] for task in tasks(shell, goal)]


@pytest.mark.parametrize(
    "content",
    [
        "\n\ntitle,due\nPaint the door,2027-05-01\n",
        "title,due,,\nPaint the door,2027-05-01,,\n",
        "title,due\rPaint the door,2027-05-01\r",
        "title,due\r\nPaint the door,2027-05-01",
        "sep=;\r\ntitle;due\r\nPaint the door;2027-05-01\r\n",
        "SEP=,\ntitle,due\nPaint the door,2027-05-01\n",
        '"sep=|"\ntitle|due\nPaint the door|2027-05-01\n',
        "title\tdue\nPaint the door\t2027-05-01\n",
        '"Owner, last, first";title;due\nx;Paint the door;2027-05-01\n',
        '"Task\nname",due\nPaint the door,2027-05-01\n',
        'title,due\n"Paint\nthe  door",2027-05-01\n',
        "title,due\nPaint\u00a0the door,2027-05-01 23:59\n",
        'title,due\nPaint the door,"May 1, 2027"\n',
        "TITLE,Task,Name,Due,Due date\nPaint the door,T-1,Ada,2027-05-01,2028-01-01\n",
    ],
)
def test_a_row_is_taken_however_the_file_is_laid_out(adas: Shell, goal: str, file: File, content: str):
    ran = imported(adas, file(content))

    assert (ran.exit_code, titles(adas)) == (0, ROW)
    assert tasks(adas)[0]["due_at"].startswith("2027-05-01T21:59")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "cp1252"),
    ],
)
@pytest.mark.parametrize("option", ["--encoding", ""])
def test_the_encoding_is_found_out_and_its_mark_is_no_part_of_a_heading(
    adas: Shell, goal: str, file: File, mark: bytes, encoding: str, option: str
):
    path = file(mark + "title;due\r\nTür „streichen“;2027-05-01\r\n".encode(encoding))

    ran = imported(adas, path, *([option, encoding] if option else []))

    assert (ran.exit_code, titles(adas)) == (0, ["Tür „streichen“"])


@pytest.mark.parametrize(
    ("content", "taken", "refused"),
    [
        ("title,due\nA,\nB, C and D,2027-05-01\nE,\n", ["A", "E"], [3]),
        ('title,due\nA 5" nail,\n"B" C,\nE,\n', ['A 5" nail', "E"], [3]),
        ('title,due\n"A,\nB,2027-05-01\nC,\n', ["B", "C"], [2]),
        ('title,due\nA,"\nB,2027-05-01\nC,"x"\n', ["B"], [2, 4]),
        ('title,due\n"A",\n"B said "no",\nmore\nand left",\nC,\n', ["A", "C"], [3, 4, 5]),
        ('title,due\n"A\nNext\nOther\n', ["Next", "Other"], [2]),
        ("title,due\nA,\n" + "x" * 300_000 + ",\nC,\n", ["A", "C"], [3]),
        (
            "title,due\nA,9999-12-31\nB,0001-01-01\nC,2027-02-30\nD,01.03.\nE,2027-05-01T25:00\nF,\n",
            ["F"],
            [2, 3, 4, 5, 6],
        ),
        ("title,weight\nA,²\nB,-1\nC,99999999999999999999\nD,3\n", ["D"], [2, 3, 4]),
        ("title,tags\nA," + "x;" * 5000 + "\nB,\n", ["B"], [2]),
        ("title\nA\x07\nB\x00\nC\n", ["C"], [2, 3]),
    ],
)
def test_a_row_that_is_wrong_is_refused_alone(
    adas: Shell, goal: str, file: File, content: str, taken: list[str], refused: list[int]
):
    ran = imported(adas, file(content))

    assert (ran.exit_code, titles(adas)) == (1, taken)
    assert [line["row"] for line in ran.lines if line["status"] == "refused"] == refused
    assert [line["row"] for line in ran.lines if line["status"] == "refused" and not line["reason"]] == []


def test_a_long_cell_of_a_column_that_is_not_used_does_no_harm(adas: Shell, goal: str, file: File):
    long = "x\n" * 100_000

    ran = imported(adas, file(f'title,Description\nA,"{long}"\nB,\n'))

    assert (ran.exit_code, titles(adas)) == (0, ["A", "B"])
    assert "columns not used: Description" in ran.err


def test_a_note_keeps_its_lines(adas: Shell, goal: str, file: File):
    imported(adas, file('title,note,done\nA,"one\r\ntwo",yes\n'))

    assert tasks(adas)[0]["completion_note"] == "one\ntwo"


def test_a_row_whose_note_is_too_long_is_not_half_brought_in(adas: Shell, goal: str, file: File):
    ran = imported(adas, file(f"title,note,done\nA,{'x' * 501},yes\nB,{'x' * 501},no\n"))

    assert ran.lines[0]["reason"].startswith("note: ")
    assert titles(adas) == ["B"]


@pytest.mark.parametrize(
    ("origin", "content", "done", "statuses"),
    [
        ("jira", JIRA, ["Buy brushes"], ["created", "created", "completed"]),
        ("asana", ASANA, ["Buy brushes"], ["completed", "created"]),
        ("trello", TRELLO, ["Buy brushes"], ["created", "completed"]),
        ("todoist", TODOIST, [], ["left out", "created", "refused", "left out"]),
        ("notion", NOTION, ["Buy brushes"], ["created", "completed"]),
    ],
)
def test_the_file_of_a_program_is_understood(
    adas: Shell, goal: str, file: File, origin: str, content: str, done: list[str], statuses: list[str]
):
    ran = imported(adas, file(content), "--from", origin)

    assert [line["status"] for line in ran.lines] == statuses
    assert [task["title"] for task in tasks(adas) if task["status"] == "completed"] == done
    assert ran.exit_code == int("refused" in statuses)


def test_all_columns_of_tags_count_and_colours_are_none(adas: Shell, goal: str, file: File):
    imported(adas, file(JIRA), "--from", "jira")
    imported(adas, file(TRELLO), "--from", "trello")

    assert [task["tags"] for task in tasks(adas)] == [["wood", "dust"], ["wood"], ["shop"], ["wood", "dust"], []]


def test_what_is_left_out_not_used_or_guessed_is_said(adas: Shell, goal: str, file: File):
    todoist = imported(adas, file(TODOIST), "--from", "todoist")
    jira = imported(adas, file(JIRA), "--from", "jira")

    assert "left out: 1 section, 1 note" in todoist.err
    assert "columns not used: PRIORITY, TIMEZONE" in todoist.err
    assert "due: 'every friday' cannot be read: a day needs a year" in todoist.lines[2]["reason"]
    assert "columns not used: Issue key, Sprint" in jira.err
    assert "taken as not done: In Review" in jira.err


@pytest.mark.parametrize(
    ("headings", "named"),
    [
        ("Name,Task", ["'Name' (column 1)", "'Task' (column 2)"]),
        ("title,title", ["'title' (column 1)", "'title' (column 2)"]),
        ("title,Due at,Due date", ["'Due at' (column 2)", "'Due date' (column 3)"]),
    ],
)
def test_two_columns_of_one_field_are_an_error_that_names_both(
    adas: Shell, goal: str, file: File, headings: str, named: list[str]
):
    path = file(f"{headings}\nA,B,C\n")
    ran = imported(adas, path)

    assert (ran.exit_code, [each for each in named if each not in ran.err]) == (2, [])


def test_a_column_that_is_mapped_goes_before_one_that_is_called_like_the_field(adas: Shell, goal: str, file: File):
    ran = imported(adas, file("title,Caf\u00e9\nA,B\n"), "--map", "title=cafe\u0301")

    assert titles(adas) == ["B"]
    assert "columns not used: title" in ran.err


@pytest.mark.parametrize(("content", "exit_code"), [(b"", 2), (b"\xef\xbb\xbf", 2), (b" \n\n", 2), (b"title,due\n", 0)])
def test_a_file_without_rows_says_that_there_is_nothing_to_import(
    adas: Shell, goal: str, file: File, content: bytes, exit_code: int
):
    ran = imported(adas, file(content))

    assert (ran.exit_code, ran.out) == (exit_code, "")
    assert "nothing to import" in ran.err


@pytest.mark.parametrize("where", ["missing/report.csv", ".", "plan.csv"])
def test_a_report_that_cannot_be_written_is_told_before_anything_is_asked(
    adas: Shell, goal: str, file: File, where: str
):
    path = file("title\nA\n")
    before = len(adas.requests)

    ran = imported(adas, path, "--report", path.replace("plan.csv", where))

    assert (ran.exit_code, len(adas.requests)) == (2, before)
    assert titles(adas) == []
