"""The page: what people have written does nothing in it, and its policy lets nothing run."""

import re
from html.parser import HTMLParser

from functions.payments.billing.totals import Line
from functions.payments.papers import content, html
from tests.payments.papers.paperwork import issued

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"


class Seen(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_what_people_have_written_is_text_and_nothing_else():
    party = {"name": HOSTILE, "address": [HOSTILE], "tax_ids": [HOSTILE], "email": HOSTILE}
    line = Line(HOSTILE, 1000, "standard", 0)
    invoice = issued(line, retention=0, seller=party, buyer=party, note=HOSTILE, bank_lines=[HOSTILE], number=HOSTILE)
    seen, plain = Seen(html.page(content.invoice(invoice))), Seen(html.page(content.invoice(issued())))

    assert (seen.tags, seen.attributes) == (plain.tags, plain.attributes)
    assert not seen.tags & {"script", "img", "a", "form", "iframe", "link"}
    assert seen.text.count(HOSTILE) == 13


def test_the_policy_names_the_style_and_nothing_that_runs():
    policy = html.policy()

    assert policy.startswith("sandbox; default-src 'none'; style-src 'sha256-")
    assert "script" not in policy
    assert "unsafe" not in policy
    assert re.findall(r"<style>(.*?)</style>", html.page(content.invoice(issued())), re.DOTALL) == [html.STYLE]


def test_the_page_has_what_the_fonts_lack():
    assert "شركة" in Seen(html.page(content.invoice(issued(note="شركة")))).text
