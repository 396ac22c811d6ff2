"""The PDF: the same document is the same bytes, its texts can be copied out of it, and it costs little."""

import re
import zlib
from base64 import a85decode

import pytest

from functions.payments.billing.totals import Line
from functions.payments.papers import content, pdf
from tests.payments.papers.paperwork import issued

NAMES = ["Łódź Möbel", "Ελληνική Εταιρεία", "Мельница", "北京龙机械有限公司"]


def streams(body: bytes) -> list[bytes]:
    """Return the streams of a PDF, decoded."""
    begins = re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\r?\n", body)
    found = [body[each.end() : each.end() + int(each[1])] for each in begins]
    return [zlib.decompress(a85decode(each[:-2]) if each.endswith(b"~>") else each) for each in found]


def test_the_same_invoice_is_the_same_bytes_and_another_is_not(monkeypatch: pytest.MonkeyPatch):
    first = pdf.write(content.invoice(issued()))
    monkeypatch.setattr("time.time", lambda: 0.0)
    again = pdf.write(content.invoice(issued()))

    assert first == again
    assert first.body.startswith(b"%PDF-1.")
    assert pdf.write(content.invoice(issued(number="INV-202611-0002"))).body != first.body


def test_what_happens_to_an_invoice_later_does_not_change_its_pdf():
    later = issued(status="paid", paid_minor_units=33_187_500, credited_minor_units=1, version=9, sent_at="2026-11-21")

    assert pdf.write(content.invoice(later)) == pdf.write(content.invoice(issued()))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_embedded_with_its_letters(name: str):
    plain, named = (pdf.write(content.invoice(issued(seller={"name": each}))).body for each in ("", name))

    assert b"/FontFile2" in named
    letters = {ord(each) for each in name if each != " "}
    assert codes(named) >= letters
    assert not codes(plain) >= letters


def codes(body: bytes) -> set[int]:
    """Return the characters that the fonts of a PDF say they have, by which its text is copied and searched."""
    maps = [each.decode("latin-1") for each in streams(body) if b"beginbfchar" in each or b"beginbfrange" in each]
    return {int(code, 16) for each in maps for code in re.findall(r"<[0-9A-Fa-f]{2,4}> <([0-9A-Fa-f]{4})>", each)}


def test_a_long_invoice_has_several_pages():
    lines = [Line(f"Part {each}", 1000, "standard", 0) for each in range(200)]

    assert pdf.write(content.invoice(issued(*lines, retention=0))).pages == 5
