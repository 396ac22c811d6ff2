"""What a document without a field, or with an empty value, does with each operator; and many hits that are equal."""

from pathlib import Path

import pytest

from tests.search.engine.indexes import Engine, opened

DOCUMENTS = {
    "full": {"author": "Ada", "tags": ["a", "ab"], "pages": 5, "price": 0.0, "in_print": True},
    "empty": {"author": "", "tags": [], "pages": 0, "price": -0.0, "in_print": False},
    "bare": {},
}
ALL = sorted(DOCUMENTS)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return opened(tmp_path_factory.mktemp("missing"), DOCUMENTS)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("author:ada", ["full"]),
        ("author:=Ada", ["full"]),
        ("author:!=Ada", ["bare", "empty"]),
        ("author:=``", ["empty"]),
        ("author:!=``", ["bare", "full"]),
        ("author:``", []),
        ("tags:=a", ["full"]),
        ("tags:=ab", ["full"]),
        ("tags:=[a, b]", ["full"]),
        ("tags:!=a", ["bare", "empty"]),
        ("pages:5", ["full"]),
        ("pages:=0", ["empty"]),
        ("pages:!=5", ["bare", "empty"]),
        ("pages:>0", ["full"]),
        ("pages:>=0", ["empty", "full"]),
        ("pages:<5", ["empty"]),
        ("pages:<=5", ["empty", "full"]),
        ("pages:[0..5]", ["empty", "full"]),
        ("pages:!=[0, 5]", ["bare"]),
        ("price:=0", ["empty", "full"]),
        ("price:<0", []),
        ("price:!=-0.0", ["bare"]),
        ("in_print:true", ["full"]),
        ("in_print:!=true", ["bare", "empty"]),
        ("in_print:[true, false]", ["empty", "full"]),
        ("published_at:>0001-01-01T00:00:00Z", []),
        ("published_at:!=2026-01-01T00:00:00Z", ALL),
    ],
)
def test_a_missing_field_satisfies_nothing_but_that_it_is_not_so(engine: Engine, where: str, expected: list[str]):
    assert engine.finds(where=where) == expected


def test_many_equal_hits_are_in_the_order_of_their_ids_behind_better_ones(tmp_path: Path):
    exact = {f"x{number:03}": {"title": "whale"} for number in range(20)}
    begun = {f"b{number:03}": {"title": f"whalebone {number}", "pages": number % 2} for number in range(300)}
    engine = opened(tmp_path, {**begun, **exact})
    expected = [*sorted(exact), *sorted(begun)]
    pages = [engine.finds("whale", limit=30, offset=offset) for offset in range(0, 330, 30)]

    assert [id_ for page in pages for id_ in page] == expected
    assert engine.search("whale", limit=1).found == 320
    evens = [f"b{number:03}" for number in range(0, 300, 2)]
    assert engine.finds("whalebone", sort="pages:asc", limit=150) == evens
