"""The program as a process: what machines read is UTF-8 in every locale, and a reader may go whenever it likes."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cli.served import PROGRAM, run, served
from tests.identity.people import Person

LOCALES: list[dict[str, str]] = [
    {"LC_ALL": "C"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"},
    {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii:strict"},
]
TITLE = "Café → Łódź 🏁"


@pytest.fixture
def environment(ada: Person, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """The environment of a machine on which Ada has signed in."""
    with served() as url:
        home = {"MILEPOST_HOME": str(tmp_path / "home")}
        assert run("login", "--url", url, "--email", ada.email, environment=home, stdin=ada.password).returncode == 0
        yield home


@pytest.mark.parametrize("locale", LOCALES, ids=str)
def test_what_machines_read_is_utf_8_in_every_locale(
    environment: Mapping[str, str], tmp_path: Path, locale: Mapping[str, str]
):
    around = {**environment, **locale}
    sheet, report = tmp_path / "plan.csv", tmp_path / "report.jsonl"
    sheet.write_text(f"title,goal\n{TITLE},{TITLE}\n", encoding="utf-8")

    ran = run("import", str(sheet), "--json", "--report", str(report), environment=around)
    listed = run("goals", "list", environment=around)

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout.decode("utf-8"))["title"] == TITLE
    assert json.loads(report.read_bytes().decode("utf-8"))["title"] == TITLE
    assert listed.stdout.decode("utf-8").rstrip("\n").endswith(TITLE)


@pytest.mark.parametrize("command", [["goals", "list", "--json"], ["--help"], ["goals", "--help"], ["--version"]])
def test_a_reader_who_goes_ends_the_program_without_a_fault(environment: Mapping[str, str], command: list[str]):
    assert run("goals", "add", "House", environment=environment).returncode == 0

    assert without_a_reader(command, environment) == (0, b"")


def test_a_reader_who_goes_does_not_hide_that_rows_were_refused(environment: Mapping[str, str], tmp_path: Path):
    sheet, report = tmp_path / "plan.csv", tmp_path / "report.csv"
    sheet.write_text("title,goal\nA,House\nB,\n")

    code, _ = without_a_reader(["import", str(sheet), "--json", "--report", str(report)], environment)

    assert code == 1
    assert len(report.read_text().splitlines()) == 3


def without_a_reader(command: list[str], environment: Mapping[str, str]) -> tuple[int, bytes]:
    """Run the program with a pipe whose other end is closed; return its exit code and what it complains of."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = subprocess.run(
            [PROGRAM, *command],
            stdout=writing,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            check=False,
            env={"PATH": os.environ["PATH"], **environment},
        )
    finally:
        os.close(writing)
    return ran.returncode, ran.stderr


def test_the_version_is_that_of_the_package():
    assert run("--version", environment={}).stdout == b"milepost 0.1.0\n"
