"""`sort_by` and `facet_by`."""

import pytest

from functions.search.engine.asked import Facet, Order, Range
from functions.search.queries import orders
from functions.search.queries.orders import QueryRefused
from tests.search.schemas import AUTHOR, FIELDS, PAGES, PUBLISHED_AT, TAGS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pages:desc", [Order(PAGES, is_descending=True)]),
        (
            " _text_match:desc, author:asc ,pages:asc",
            [
                Order(None, is_descending=True),
                Order(AUTHOR, is_descending=False),
                Order(PAGES, is_descending=False),
            ],
        ),
    ],
)
def test_hits_are_sorted_by(text: str, expected: list[Order]):
    assert orders.read(text, FIELDS) == expected


@pytest.mark.parametrize(
    "text",
    ["", "pages", "pages:up", "nobody:asc", "tags:asc", "title:asc", "_text_match:asc", "a:asc,b:asc,c:asc,d:asc"],
)
def test_an_order_that_cannot_be_read_is_refused(text: str):
    with pytest.raises(QueryRefused, match="sort_by"):
        orders.read(text, FIELDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tags", [Facet(TAGS)]),
        ("tags, author", [Facet(TAGS), Facet(AUTHOR)]),
        (
            "pages(short:[0,100], long one:[100,])",
            [Facet(PAGES, [Range("short", 0, 100), Range("long one", 100, None)])],
        ),
        ("published_at(old:[,1970-01-01T00:00:00Z]),tags", [Facet(PUBLISHED_AT, [Range("old", None, 0)]), Facet(TAGS)]),
    ],
)
def test_values_are_counted_of(text: str, expected: list[Facet]):
    assert orders.facets(text, FIELDS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title",
        "nobody",
        "tags,tags",
        "tags(a:[0,1])",
        "pages(a:[,])",
        "pages(a:[x,])",
        "pages(a)",
        "pages()",
        "pages(",
        ",".join(f"pages(r{number}:[0,1])" for number in range(11)),
        f"pages({','.join(['r:[0,1]'] * 20)}),published_at(old:[,1970-01-01T00:00:00Z])",
    ],
)
def test_a_facet_that_cannot_be_read_is_refused(text: str):
    with pytest.raises(QueryRefused, match="facet_by"):
        orders.facets(text, FIELDS)
