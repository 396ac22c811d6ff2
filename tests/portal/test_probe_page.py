"""The page behind a link that answers a probe, as it is sent: the same for everybody, with nothing of anybody else."""

import re

import pytest

from functions.portal import files
from tests.portal.entries import ask

FOLDER = files.FOLDER / "probe"
MODULES = ("probe/probe.js", "probe/texts.js", "review/opened.js", "review/problems.js")

pytestmark = pytest.mark.usefixtures("bundled")


def test_the_page_and_its_modules_are_sent_and_tell_nobody_where_they_were_opened() -> None:
    page = ask("GET", "/probe")
    scripts = [ask("GET", f"/{name}") for name in MODULES]

    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert {(each.status, each.headers["Content-Type"]) for each in scripts} == {
        (200, "text/javascript; charset=utf-8")
    }
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert all(ask("GET", f"/{name}").status == 200 for name in re.findall(r'(?:src|href)="(\w+/[^"]+)"', page.text))


def test_nothing_is_loaded_from_elsewhere_and_no_text_becomes_markup() -> None:
    sources = [FOLDER / "index.html", *(files.FOLDER / name for name in MODULES)]
    source = "".join(each.read_text() for each in sources)

    assert re.findall(r"https?://|@import|url\(|innerHTML|insertAdjacentHTML|\beval\b|<style|\son\w+=", source) == []


def test_the_page_answers_by_nothing_but_the_form() -> None:
    script = (FOLDER / "probe.js").read_text()

    assert re.findall(r'asked\("([\w/-]+)"', script) == ["probe-replies/view", "probe-replies/answer"]
    assert script.index('asked("probe-replies/answer"') > script.index('addEventListener("submit"')


def test_the_token_leaves_the_address_before_anything_is_asked() -> None:
    script = (files.FOLDER / "review" / "opened.js").read_text()

    assert script.index("history.replaceState") < script.index("fetch(")
    assert 'credentials: "omit"' in script
