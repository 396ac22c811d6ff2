"""The language of `filter_by`."""

import pytest

from functions.search.engine.asked import Between, Contains, Either, Every, Filter, Not, Whole
from functions.search.filters import filters
from functions.search.filters.operands import FilterRefused
from tests.search.schemas import AUTHOR, FIELDS, IN_PRINT, PAGES, PRICE, PROTO, PUBLISHED_AT, TAGS, TITLE, WHERE

NOON = 1795176000000


def whole(field: int, *values: str | float) -> Whole:
    return Whole(field, list(values))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("author:=Melville", whole(AUTHOR, "Melville")),
        ("author := Herman Melville ", whole(AUTHOR, "Herman Melville")),
        ("author:=`Firm && Co.`", whole(AUTHOR, "Firm && Co.")),
        ("author:=SPDR Gold Shares (GLD)", whole(AUTHOR, "SPDR Gold Shares (GLD)")),
        ("(author:=SPDR Gold Shares (GLD))", whole(AUTHOR, "SPDR Gold Shares (GLD)")),
        ("author:=`a \\` tick`", whole(AUTHOR, "a ` tick")),
        ("author:=``", whole(AUTHOR, "")),
        ("author:=`||`||author:=x", Either([whole(AUTHOR, "||"), whole(AUTHOR, "x")])),
        ("author:!=Melville", Not(whole(AUTHOR, "Melville"))),
        ("author:!=[a, b]", Not(whole(AUTHOR, "a", "b"))),
        ("tags:=[sea, `rivers, lakes`, a b]", whole(TAGS, "sea", "rivers, lakes", "a b")),
        ("tags:[sea, deep water]", Either([Contains(TAGS, ["sea"]), Contains(TAGS, ["deep", "water"])])),
        ("title:Moby-Dick", Contains(TITLE, ["moby", "dick"])),
        ("title:`smart-home/home-appliances`", Contains(TITLE, ["smart", "home", "home", "appliances"])),
        ("title:!", Contains(TITLE, ["!"])),
        ("pages:5", whole(PAGES, 5)),
        ("pages:=5", whole(PAGES, 5)),
        ("pages:=[1, 2]", whole(PAGES, 1, 2)),
        ("pages:!=5", Not(whole(PAGES, 5))),
        ("pages:>5", Between(PAGES, 5, None, with_low=False)),
        ("pages:>=5", Between(PAGES, 5, None)),
        ("pages:<5", Between(PAGES, None, 5, with_high=False)),
        ("pages:<=-5", Between(PAGES, None, -5)),
        ("pages:[1..5]", Between(PAGES, 1, 5)),
        ("pages:[1..5, 9]", Either([Between(PAGES, 1, 5), whole(PAGES, 9)])),
        ("pages:9223372036854775807", whole(PAGES, 2**63 - 1)),
        ("pages:-9223372036854775808", whole(PAGES, -(2**63))),
        ("price:>1.5e3", Between(PRICE, 1500.0, None, with_low=False)),
        ("price:-0.0", whole(PRICE, 0.0)),
        ("in_print:true", whole(IN_PRINT, 1)),
        ("in_print:!=false", Not(whole(IN_PRINT, 0))),
        ("published_at:<2026-11-20T12:00:00Z", Between(PUBLISHED_AT, None, NOON, with_high=False)),
        ("published_at:2026-11-20T17:45:00+05:45", whole(PUBLISHED_AT, NOON)),
        ("__proto__:=x", whole(PROTO, "x")),
        ("$where:=1 == 1", whole(WHERE, "1 == 1")),
        ("pages:1 && pages:2 || pages:3", Either([Every([whole(PAGES, 1), whole(PAGES, 2)]), whole(PAGES, 3)])),
        ("pages:1 && (pages:2 || pages:3)", Every([whole(PAGES, 1), Either([whole(PAGES, 2), whole(PAGES, 3)])])),
        ("((((((((((pages:1))))))))))", whole(PAGES, 1)),
    ],
)
def test_a_filter_means(text: str, expected: Filter):
    assert filters.read(text, FIELDS) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected the name of a field"),
        ("pages", "expected : and a value"),
        ("pages:", "expected a value"),
        ("pages:x", "pages: must be a whole number"),
        ("pages:1.5", "pages: must be a whole number"),
        ("pages:9223372036854775808", "pages: must be a whole number"),
        ("pages:٣", "pages: must be a whole number"),
        ("price:NaN", "price: must be a finite number"),
        ("price:1e999", "price: must be a finite number"),
        ("price:inf", "price: must be a finite number"),
        ("in_print:yes", "in_print: must be true or false"),
        ("published_at:2026-11-20", "published_at: must be an RFC 3339 timestamp"),
        ("published_at:>2026-02-30T00:00:00Z", "published_at"),
        ("author:>x", "texts are compared with"),
        ("pages:>[1..5]", "a range goes with : alone"),
        ("nobody:=1", "there is no field nobody; this collection has title, tags"),
        ("notes:=x", "the field notes is not indexed"),
        ("author:=Firm && Co.", "a value that holds signs goes between backticks"),
        ("pages:[1, 2", "a list is not closed"),
        ("pages:[]", "expected a value"),
        ("pages:[1,,2]", "expected a value"),
        ("author:=`open", "expected a value"),
        ("author:=`a` b", "expected && or ||"),
        ("(pages:1", "a parenthesis is not closed"),
        ("pages:1)", "expected && or ||"),
        ("pages:1 &&", "expected the name of a field"),
        ("pages:1 pages:2", "pages: must be a whole number"),
        ("(" * 11 + "pages:1" + ")" * 11, "parentheses may be 10 levels deep"),
        ("(" * 4000, "parentheses may be 10 levels deep"),
        (f"pages:[{','.join('1' * 101)}]", "a filter may have 100 values"),
        ("title:" + "x " * 101, "title: may be asked for 100 words in a row"),
        ("title:" + "x" * 4100, "filter_by may have 4096 bytes"),
        ("title:" + "ä" * 2100, "filter_by may have 4096 bytes"),
    ],
)
def test_a_filter_that_cannot_be_read_says_what_would_work(text: str, said: str):
    with pytest.raises(FilterRefused) as refused:
        filters.read(text, FIELDS)

    assert said in refused.value.detail
    assert refused.value.status == 400


def test_a_refusal_quotes_no_value():
    with pytest.raises(FilterRefused) as refused:
        filters.read("pages:secret", FIELDS)

    assert "secret" not in refused.value.detail
