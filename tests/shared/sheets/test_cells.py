import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sheets import cells

FORMULA = re.compile(r" *[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r" *[+-]?[0-9]+(\.[0-9]+)?([;,].*)?", re.DOTALL)
"""A number, also as the first of several: not something that is computed."""


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("\t=1+1", "'\t'=1+1"),
        ("\r=1+1", "'\r'=1+1"),
        ("\n=1+1", "'\n'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("a;=1+1", "a;'=1+1"),
        ("a\t@SUM(1)", "a\t'@SUM(1)"),
        ("a|-cmd", "a|'-cmd"),
        ('a;"+cmd', "a;\"'+cmd"),
        ("-1+2", "'-1+2"),
        ("-\uff11", "'-\uff11"),
        ("+442079460958;+442079460959", "+442079460958;+442079460959"),
        ("-12.5", "-12.5"),
        ('{"delta":[-1,-2.5e-7],"a-b":"=1"}', '{"delta":[-1,-2.5e-7],"a-b":"=1"}'),
        ("Ada-Grace; née = Lovelace", "Ada-Grace; née = Lovelace"),
        ("", ""),
    ],
)
def test_a_cell_begins_no_formula(text: str, cell: str) -> None:
    assert cells.guarded(text) == cell


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@given(text=st.text(st.sampled_from("=+-@;,|\t\r\n \"'a1.\uff1d")))
def test_a_sheet_has_no_formula_whatever_its_reader_takes_for_a_separator(separator: str, text: str) -> None:
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerow(["a", cells.guarded(text), "b"])
    read = csv.reader(io.StringIO(sheet.getvalue(), newline=""), delimiter=separator)

    found = [cell for line in read for cell in line]
    assert [each for each in found if FORMULA.match(each) and not NUMBER.fullmatch(each)] == []


@given(st.recursive(st.integers() | st.floats(allow_nan=False, allow_infinity=False), st.lists))
def test_metadata_of_numbers_stay_as_they_are(value: object) -> None:
    text = json.dumps({"value": value}, separators=(",", ":"))

    assert cells.guarded(text) == text


@given(text=st.text(st.sampled_from("=+-@;,|\t\r\n \"'a1.\uff1d")) | st.text())
def test_what_a_sheet_guards_comes_back_as_it_was(text: str) -> None:
    assert cells.unguarded(cells.guarded(text)) == text


@pytest.mark.parametrize("text", ["O'Hara", "'quoted'", "it's; 'fine'", "' =", "''"])
def test_other_apostrophes_stay(text: str) -> None:
    assert cells.unguarded(text) == cells.guarded(text) == text
