"""`milepost leads`: files imported and exported by jobs, columns that are guessed, leads that are shown and erased."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from functions.audience.settings import settings
from shared.callers import tenant_settings
from tests.audience.imports.conftest import stage as import_stage
from tests.audience.imports.working import does, waiting
from tests.aws.messages import batch, delivered
from tests.cli.shell import Shell
from tests.webhooks.people import stored_events

__all__ = ["import_stage"]

File = Callable[..., str]
PEOPLE = "E-Mail;Full Name;Phone 1;Company;Note\na@example.org;Ada;+44 20 7946 0001;Engines;x\nnobody;Bob;;;\n"


def works() -> None:
    """Do all jobs to their end."""
    for event in stored_events():
        if event.event_type == "jobs.job.requested":
            does(delivered([event]))
    while bodies := waiting():
        for body in bodies:
            does(batch([body]))


@pytest.fixture
def machine(pepper: str, adas: Shell, import_stage: None) -> Iterator[Shell]:
    """A machine of somebody for whom work goes on while a command waits."""
    settings.forget()
    tenant_settings.forget()
    adas.meanwhile = works
    yield adas
    settings.forget()
    tenant_settings.forget()


def test_a_file_is_imported_with_guessed_and_said_columns(machine: Shell, file: File, tmp_path: Path):
    report = tmp_path / "report.csv"
    options = ("--map", "Company=metadata.company", "--yes", "--report", str(report))
    ran = machine.types("leads", "import", file(PEOPLE), *options)
    (found,) = machine.types("leads", "list", "--json").lines

    assert ran.exit_code == 1
    assert "E-Mail is email" in ran.err
    assert "Phone 1 is phone" in ran.err
    assert "Note" not in ran.err
    assert "row 2: emails.0: must be an e-mail address" in ran.err
    assert "1 of 2 rows were refused." in ran.err
    assert (found["emails"], found["name"], found["phones"]) == (["a@example.org"], "Ada", ["+442079460001"])
    assert found["metadata"] == {"company": "Engines"}
    assert [line.split(",")[:2] for line in report.read_text().splitlines()[1:]] == [
        ["1", "inserted"],
        ["2", "refused"],
    ]


def test_the_columns_are_asked_about(machine: Shell, file: File):
    ran = machine.types("leads", "import", file("email\na@example.org\n"))

    assert ran.exit_code == 2
    assert "say --yes" in ran.err
    assert machine.types("leads", "list", "--json").lines == []


def test_a_dry_run_changes_nothing_and_asks_nothing(machine: Shell, file: File):
    ran = machine.types("leads", "import", file("email\na@example.org\n"), "--dry-run", "--json")

    assert (ran.exit_code, [line["status"] for line in ran.lines]) == (0, ["inserted"])
    assert machine.types("leads", "list", "--json").lines == []


def test_the_same_import_again_is_not_made_unless_it_says_so(machine: Shell, file: File):
    path = file("email\na@example.org\n")
    statuses = [
        machine.types("leads", "import", path, "--yes", "--json", *more).lines[0]["status"]
        for more in ((), (), ("--again",))
    ]

    assert statuses == ["inserted", "inserted", "unchanged"]


def test_a_terminal_sees_how_far_the_import_is(machine: Shell, file: File, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    ran = machine.types("leads", "import", file("email\na@example.org\n"), "--yes")

    assert "rows" in ran.err
    assert "1 inserted" in ran.err


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("a,b\n1,2\n", (), "No column is known"),
        ("email\na@example.org\n", ("--map", "Mail=email"), "there is no such column"),
        ("email\na@example.org\n", ("--map", "email"), "is COLUMN=FIELD"),
    ],
)
def test_columns_that_are_no_fields_are_refused(
    machine: Shell, file: File, content: str, options: tuple[str, ...], said: str
):
    ran = machine.types("leads", "import", file(content), "--yes", *options)

    assert ran.exit_code == 2
    assert said in ran.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_the_headings_of_a_large_file_are_read(machine: Shell, file: File, encoding: str):
    rows = "".join(f"p{number}@example.org;{'ä' * 1000}\n" for number in range(300))
    ran = machine.types(
        "leads", "import", file(f"E-Mail;Größe\n{rows}", encoding), "--map", "Größe=metadata.size", "--yes"
    )

    assert (ran.exit_code, ran.out) == (0, "")
    assert len(machine.types("leads", "list", "--limit", "400", "--json").lines) == 300


def test_leads_are_shown_found_exported_and_erased(machine: Shell, file: File, tmp_path: Path):
    lines = [{"emails": [f"{name}@example.org"], "name": name, "metadata": {"n": 1}} for name in ("=1+1", "bob")]
    lines[0]["emails"] = ["a@example.org"]
    content = "".join(json.dumps(each) + "\n" for each in lines)
    imported = machine.types("leads", "import", file(content, name="people.jsonl"), "--yes")
    (found,) = machine.types("leads", "list", "--email", "bob@example.org", "--json").lines
    shown = machine.types("leads", "show", found["lead_id"])
    out = tmp_path / "leads.csv"
    exported = machine.types("leads", "export", str(out), "--format", "csv")
    printed = machine.types("leads", "export")
    erased = machine.types("leads", "erase", found["lead_id"], "--yes")

    assert [each.exit_code for each in (imported, shown, exported, printed, erased)] == [0] * 5
    assert "bob@example.org" in shown.out
    assert "'=1+1" in out.read_text()
    assert {each["name"] for each in printed.lines} == {"=1+1", "bob"}
    assert len(machine.types("leads", "list", "--json").lines) == 1


@pytest.mark.parametrize(
    ("name", "options", "begins"),
    [
        ("leads.csv", (), "lead_id,"),
        ("LEADS.CSV", (), "lead_id,"),
        ("leads.jsonl", (), '{"lead_id"'),
        ("leads", (), '{"lead_id"'),
        ("leads.csv", ("--format", "jsonl"), '{"lead_id"'),
    ],
)
def test_an_export_is_what_the_name_of_its_file_says(
    machine: Shell, file: File, tmp_path: Path, name: str, options: tuple[str, ...], begins: str
):
    machine.types("leads", "import", file("email\na@example.org\n"), "--yes")
    out = tmp_path / name
    ran = machine.types("leads", "export", str(out), *options)

    assert ran.exit_code == 0
    assert out.read_text().startswith(begins)
