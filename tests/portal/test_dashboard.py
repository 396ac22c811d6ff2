"""The page of the dashboard and its assets, as they are sent; what people see of them is in tests/e2e."""

import re
from pathlib import Path

import pytest

from functions.portal import api, files
from tests.portal.entries import ask

FOLDER = files.FOLDER / "dashboard"
ASSETS = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in {".js", ".css"})
STYLE_SHEETS = {name for name in ASSETS if name.endswith(".css")}
MODULES = [name for name in ASSETS if name.endswith(".js")]
MOST_FIRST_BYTES = 24_000
MOST_UNASKED_BYTES = 36_000
MOST_BYTES_OF_A_PAGE = 22_000


def imported(name: str) -> set[str]:
    """Return a module and all that it waits for."""
    direct = re.findall(r'^import [^"]*"\./([\w./]+)";$', (FOLDER / name).read_text(), re.MULTILINE)
    return {name}.union(*(imported((Path(name).parent / other).as_posix()) for other in direct))


def list_of(name: str) -> str:
    """Return how a list of `app.js` is written."""
    written = re.search(rf"^const {name} = \[(.*?)\];$", (FOLDER / "app.js").read_text(), re.MULTILINE | re.DOTALL)
    assert written
    return written[1]


FIRST = {*STYLE_SHEETS, *imported("app.js")}
PAGES = list(dict.fromkeys(re.findall(r'^  \[\S+, "(\w+)"', list_of("PAGES"), re.MULTILINE)))

pytestmark = pytest.mark.usefixtures("bundled")


def address(name: str) -> str:
    return f"/dashboard/{files.version()}/{name}"


def policy(path: str) -> dict[str, str]:
    parts = ask("GET", path).headers["Content-Security-Policy"].split("; ")
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


def test_the_page_is_asked_for_again_and_its_assets_are_kept_for_ever() -> None:
    page, asset = ask("GET", "/"), ask("GET", address("app.js"))

    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["Cache-Control"] == "no-cache"
    assert (asset.status, asset.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_page_names_all_that_is_shown_first_so_that_nothing_is_found_out_late() -> None:
    named = re.findall(r'(?:src|href)="(dashboard/[^"]+)"', ask("GET", "/").text)

    assert sorted(f"/{name}" for name in named) == sorted(map(address, FIRST))
    assert {ask("GET", f"/{name}").status for name in named} == {200}


def test_no_module_is_there_for_nothing() -> None:
    later = {*named_in("LATER"), *PAGES}

    assert set().union(*map(imported, ["app.js", *(f"{name}.js" for name in later)])) == set(MODULES)


def test_a_part_is_sent_as_any_file_of_the_page_is() -> None:
    module, stylesheet = ask("GET", address("parts/bars.js")), ask("GET", address("parts/tokens.css"))
    known = ask("GET", address("parts/bars.js"), headers={"if-none-match": module.headers["ETag"]})

    assert (module.status, module.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert (stylesheet.status, stylesheet.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert module.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert known.status == 304


def test_what_a_changed_asset_needs_has_another_address() -> None:
    before = files.version()
    stylesheet = files.FOLDER / "dashboard" / "dashboard.css"
    stylesheet.write_text(stylesheet.read_text() + "p { color: red }")
    for read in (files.version, files._dashboard_assets):
        read.cache_clear()

    assert files.version() != before


def test_an_asset_of_another_version_is_sent_and_not_kept() -> None:
    answer = ask("GET", "/dashboard/0123456789ab/app.js")

    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_no_script_or_style_runs_but_what_the_page_names_and_no_text_becomes_markup() -> None:
    page = policy("/")

    assert page["default-src"] == page["base-uri"] == page["form-action"] == page["frame-ancestors"] == "'none'"
    assert page["script-src"] == page["style-src"] == "'self'"
    assert page["connect-src"] == "'self' https://files.s3.eu-west-1.amazonaws.com"
    assert page["frame-src"] == "blob:"
    assert page["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in str(page)
    assert policy(address("app.js")) == page


def test_nothing_of_the_page_stands_in_its_way() -> None:
    page = ask("GET", "/").text

    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page) == []


@pytest.mark.parametrize("name", ["index.html", *ASSETS])
def test_nothing_is_loaded_from_elsewhere(name: str) -> None:
    source = (FOLDER / name).read_text().replace("http://www.w3.org/2000/svg", "")

    assert re.findall(r"https?://|@import|url\(|[\"'`]//", source) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_makes_no_markup_of_text(name: str) -> None:
    source = (FOLDER / name).read_text()

    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", source) == []


@pytest.mark.parametrize("name", ASSETS)
def test_comments_and_blanks_before_texts_are_not_sent_and_all_else_is_on_its_line(name: str) -> None:
    written, sent = (FOLDER / name).read_text().split("\n"), ask("GET", address(name)).text.split("\n")
    lines = [(line, own) for line, own in zip(sent, written, strict=True) if line]
    # A text over several lines could have one that looks like a comment, or blanks that mean something.
    over_lines = [line for line in written if line.replace("\\`", "").replace("[\\`]", "").count("`") % 2]

    assert [line for line, own in lines if line.replace(" ", "") != own.replace(" ", "")] == []
    assert [line for line, own in lines if texts_of(line) != texts_of(own)] == []
    assert [line for line in sent if line.lstrip().startswith(("//", "/*"))] == []
    assert over_lines == []


def texts_of(line: str) -> list[str]:
    """Return the texts of a line, with all of it from its first template or regular expression on."""
    return re.findall(r'"(?:[^"\\]|\\.)*"|[`\'/].*', line)


@pytest.mark.parametrize("name", ["index.html", *ASSETS])
def test_a_file_fits_in_a_head(name: str) -> None:
    assert len((FOLDER / name).read_text().splitlines()) <= 300


@pytest.mark.parametrize(
    "path", ["index.html", "../api.py", "", "api.py", f"{files.version()}/index.html", f"{files.version()}/../api.py"]
)
def test_nothing_else_of_the_folder_is_served(path: str) -> None:
    answer = ask("GET", f"/dashboard/{path}")

    assert (answer.status, answer.json["code"]) == (404, "RouteNotFound")


def test_compressed_the_first_page_is_small_and_what_is_fetched_unasked_too() -> None:
    page, first = compressed("/"), FIRST
    unasked = first.union(*(imported(f"{name}.js") for name in named_in("LATER")))

    assert page + sum(map(sent, first)) < MOST_FIRST_BYTES
    assert page + sum(map(sent, unasked)) < MOST_UNASKED_BYTES


def test_compressed_each_page_that_is_opened_is_small() -> None:
    sizes = {name: sum(map(sent, imported(f"{name}.js") - FIRST)) for name in PAGES}

    assert {name: size for name, size in sizes.items() if size >= MOST_BYTES_OF_A_PAGE} == {}


def test_each_page_is_there_by_the_name_that_opens_it() -> None:
    opened = re.findall(r'^  \[\S+, "(\w+)"(?:, "(\w+)")?\]', list_of("PAGES"), re.MULTILINE)
    exports = {
        name: re.findall(r"^export async function (\w+)", (FOLDER / f"{name}.js").read_text(), re.M) for name in PAGES
    }

    assert [each for each in opened if (each[1] or each[0]) not in exports[each[0]]] == []


def named_in(name: str) -> list[str]:
    return re.findall(r'"(\w+)"', list_of(name))


def test_on_a_local_stage_the_policy_names_the_emulator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    api._dashboard_policy.cache_clear()
    named = policy("/")["connect-src"]
    api._dashboard_policy.cache_clear()

    assert named == "'self' http://127.0.0.1:4566"


def sent(name: str) -> int:
    """Return how many bytes are sent of an asset."""
    return compressed(address(name))


def compressed(path: str) -> int:
    """Return how many bytes are sent of a file."""
    return len(ask("GET", path, headers={"accept-encoding": "gzip"}).body)
