"""The pages for readers: what they name is there, and none of them calls anybody."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("infra/**/*.md"),
    *ROOT.glob("examples/**/*.md"),
]
DECISIONS = ROOT / "docs" / "decisions"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(
        r"`((?:functions|infra|shared|tests|docs|examples)/[\w/.-]*\w)`", page.read_text(encoding="utf-8")
    )
    # What CONTRIBUTING tells you to write is not there yet.
    imagined = ("functions/goals/notes/", "tests/goals/notes/")

    assert [name for name in named if not (ROOT / name).exists() and not name.startswith(imagined)] == []


def test_the_map_has_exactly_the_folders_that_there_are() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    mapped = set(re.findall(r"^\| `([\w/]+)` \|", page, re.MULTILINE))
    packages = [path.parent for root in ("functions", "shared", "infra") for path in (ROOT / root).rglob("__init__.py")]
    folders = {package.relative_to(ROOT).as_posix().removeprefix("functions/") for package in packages}

    # `infra/contexts` has a folder for each context, which the page says once.
    assert mapped == {folder for folder in folders - {"functions"} if not folder.startswith("infra/contexts/")}


def test_every_decision_is_listed_with_its_title() -> None:
    listed = dict(re.findall(r"- \[\d{4}\]\((.+?)\) (.+)", (DECISIONS / "README.md").read_text(encoding="utf-8")))
    titles = {
        path.name: path.read_text(encoding="utf-8").splitlines()[0][len("# 0000 ") :]
        for path in DECISIONS.glob("0*.md")
    }

    assert listed == titles


@pytest.mark.parametrize("path", sorted(DECISIONS.glob("0*.md")), ids=lambda path: path.stem)
def test_a_decision_says_why_what_follows_and_what_else_there_was(path: Path) -> None:
    headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)

    assert headings == ["Context", "Decision", "Consequences", "Alternatives"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_picture_of_a_page_is_there(page: Path) -> None:
    named = re.findall(
        r'(?:src|srcset)="([^"]+)"', re.sub(r"```.*?```|`[^`]*`", "", page.read_text("utf-8"), flags=re.S)
    )

    assert [path for path in named if not (page.parent / path).exists()] == []


@pytest.mark.parametrize("picture", ["demo.svg", "chart.svg"])
def test_no_picture_loads_anything(picture: str) -> None:
    svg = (ROOT / "docs" / "images" / picture).read_text(encoding="utf-8")

    assert re.findall(r"@font-face|@import|url\((?!#)|href|<script", svg) == []
