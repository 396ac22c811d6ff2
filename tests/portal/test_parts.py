"""The kit of parts: pages are made of it and of nothing else, its look is made of tokens, and all of it has samples."""

import itertools
import re
from pathlib import Path

import pytest

from functions.portal import files
from infra.parts import publishing
from tests.portal import stylesheets

DASHBOARD = files.FOLDER / "dashboard"
PARTS = publishing.PARTS
TOKENS = (PARTS / "tokens.css").read_text(encoding="utf-8")
LOOKS = [PARTS / "parts.css", DASHBOARD / "dashboard.css", publishing.PAGE / "page.css"]
MODULES = sorted(PARTS.glob("*.js"))
PAGES = sorted(DASHBOARD.glob("*.js"))
# Elements are the ground of the parts; the page of the parts shows what is made of them.
KIT = sorted(path for path in MODULES if path.stem != "elements")
# What a page would make by itself what a part makes.
MARKUP = re.compile(
    r"createElement|createTextNode|cloneNode|DOMParser|parts/elements\.js|\.style\b|\.class(?:Name|List)\b"
)

SURFACES = ("--color-paper", "--color-card")
TEXTS = ("ink", "soft", "accent", "good", "warn", "bad", "still")
PAIRS = [
    *((f"--color-{text}", surface, 4.5) for text, surface in itertools.product(TEXTS, SURFACES)),
    ("--color-on-accent", "--color-accent", 4.5),
    ("--color-ink", "--color-track", 4.5),
    ("--color-soft", "--color-track", 4.5),
    ("--color-ink", "--color-mark", 4.5),
    # A bar on its track and the border of a field are no text.
    *((f"--color-{doing}", "--color-track", 3) for doing in ("good", "warn", "bad", "still")),
]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def exported(source: str) -> set[str]:
    return set(re.findall(r"^export (?:async )?function (\w+)", source, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_makes_no_markup(page: Path) -> None:
    assert MARKUP.findall(read(page)) == []


@pytest.mark.parametrize(
    "code",
    [
        'import { element } from "./parts/elements.js";',
        'document.createElement("p")',
        'document.createElementNS(SVG, "path")',
        'body.style.color = "red"',
        'body.classList.add("card")',
    ],
)
def test_markup_of_a_page_is_found(code: str) -> None:
    assert MARKUP.findall(code) != []


@pytest.mark.parametrize("part", MODULES, ids=lambda path: path.name)
def test_a_part_knows_no_page(part: Path) -> None:
    imports = re.findall(r'from "([^"]+)"', read(part))

    assert [each for each in imports if not re.fullmatch(r"\./\w+\.js", each)] == []


@pytest.mark.parametrize("part", MODULES, ids=lambda path: path.name)
def test_a_part_says_what_it_takes_and_gives(part: Path) -> None:
    documented = set(re.findall(r"\*/\nexport function (\w+)", read(part)))

    assert exported(read(part)) == documented


@pytest.mark.parametrize("part", KIT, ids=lambda path: path.name)
def test_every_part_has_a_sample_that_uses_it(part: Path) -> None:
    source = read(publishing.PAGE / "samples" / part.name)
    sampled = samples(source)

    assert set(sampled) == exported(read(part))
    assert [name for name, code in sampled.items() if f"{name}(" not in code] == []


def samples(source: str) -> dict[str, str]:
    """Return the code of the samples of each part."""
    pieces = re.split(r"^  (\w+): \[", source, flags=re.MULTILINE)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def test_every_module_of_parts_is_on_the_page() -> None:
    named = re.findall(r'name: "(\w+)"', read(publishing.PAGE / "samples" / "all.js"))

    assert sorted(named) == [path.stem for path in KIT]


@pytest.mark.parametrize("look", LOOKS, ids=lambda path: path.name)
def test_colours_spaces_and_type_are_tokens(look: Path) -> None:
    assert stylesheets.raw_values(read(look)) == []


@pytest.mark.parametrize(
    "declaration",
    [
        "color: #fff",
        "background: rgb(0 0 0 / 40%)",
        "border: 1px solid var(--color-line)",
        "border-color: white",
        "padding: var(--space-1) 1rem",
        "margin-top: -0.35rem",
        "margin: calc(2 * .5em) auto",
        "gap: 8px",
        "inset: auto 0 1rem",
        "font-size: 0.9rem",
        "font: 600 14px system-ui",
        "font-weight: 550",
        "border-radius: 9px",
        "width: 12px",
        "letter-spacing: -0.02em",
        "--gap: 3px",
        "--tone: #123456",
    ],
)
def test_a_raw_value_is_found(declaration: str) -> None:
    assert stylesheets.raw_values(f".a:hover {{ {declaration}; }}\n.b {{ {declaration} }}") == [declaration] * 2


@pytest.mark.parametrize(
    "declaration",
    [
        "color: var(--color-ink)",
        "background: none",
        "margin: 0 auto",
        "margin-left: calc(-1 * var(--space-4))",
        "width: 100%",
        "max-width: 34rem",
        "transition: inline-size 0.5s ease",
        "border-radius: 50%",
        "border-color: transparent",
        "font: 100%/1.55 var(--font)",
        "--color-doing: var(--color-good)",
    ],
)
def test_what_is_a_token_or_its_own_matter_is_let_through(declaration: str) -> None:
    assert stylesheets.raw_values(f".a {{ {declaration}; }}") == []


def test_there_is_every_token_that_is_used_and_every_one_is_used() -> None:
    looks = "\n".join(map(read, LOOKS))
    made_there = set(stylesheets.defined(looks)) | {"--shown"}

    assert stylesheets.used(looks) - made_there == set(stylesheets.defined(TOKENS))


@pytest.mark.parametrize(("one", "other", "least"), PAIRS)
def test_what_stands_on_each_other_has_contrast_in_both_schemes(one: str, other: str, least: float) -> None:
    tokens = stylesheets.defined(TOKENS)
    schemes = zip(*(re.findall(r"#[0-9a-f]+", tokens[name]) for name in (one, other)), strict=True)

    assert [
        round(stylesheets.contrast(*scheme), 2) for scheme in schemes if stylesheets.contrast(*scheme) < least
    ] == []
