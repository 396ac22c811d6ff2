"""The page behind a review link, as it is sent: the same for everybody, with nothing of anybody else."""

import re

import pytest

from functions.portal import files
from tests.portal.entries import ask

FOLDER = files.FOLDER / "review"
MODULES = ("review.js", "texts.js", "opened.js", "problems.js")

pytestmark = pytest.mark.usefixtures("bundled")


def test_the_page_and_its_modules_are_sent_and_tell_nobody_where_they_were_opened() -> None:
    page = ask("GET", "/review")
    scripts = [ask("GET", f"/review/{name}") for name in MODULES]

    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert {(each.status, each.headers["Content-Type"]) for each in scripts} == {
        (200, "text/javascript; charset=utf-8")
    }
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert all(ask("GET", f"/{name}").status == 200 for name in re.findall(r'(?:src|href)="(\w+/[^"]+)"', page.text))


def test_nothing_is_loaded_from_elsewhere_and_no_text_becomes_markup() -> None:
    source = "".join((FOLDER / name).read_text() for name in ("index.html", *MODULES))

    assert re.findall(r"https?://|@import|url\(|innerHTML|insertAdjacentHTML|\beval\b|<style|\son\w+=", source) == []


def test_the_page_decides_by_nothing_but_a_click() -> None:
    script = (FOLDER / "review.js").read_text()

    assert re.findall(r'asked\("([\w/-]+)"', script) == ["review-links/view", "review-links/decide"]
    assert script.index('asked("review-links/decide"') > script.index("const decide = (decision) => async () =>")
    assert re.findall(r'addEventListener\("(\w+)", decide', script) == ["click", "click"]
