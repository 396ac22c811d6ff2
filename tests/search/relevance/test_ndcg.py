"""nDCG@10, by hand."""

import math

import pytest

from tests.search.relevance.judged import ndcg

GRADES = {"a": 3, "b": 2, "c": 0}
BEST = 7 + 3 / math.log2(3)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["a", "b", "c"], 1.0),
        (["a", "b"], 1.0),
        (["b", "a"], (3 + 7 / math.log2(3)) / BEST),
        (["c", "a", "b"], (7 / math.log2(3) + 3 / 2) / BEST),
        (["unjudged", "a"], 7 / math.log2(3) / BEST),
        ([], 0.0),
        (["c"], 0.0),
        ([f"u{number}" for number in range(10)] + ["a"], 0.0),
        ([f"u{number}" for number in range(9)] + ["a"], 7 / math.log2(11) / BEST),
    ],
)
def test_an_order_is_as_near_to_the_best_as(found: list[str], expected: float):
    assert ndcg(found, GRADES) == pytest.approx(expected)


def test_where_nothing_is_good_every_order_is_the_best():
    assert ndcg(["c"], {"c": 0}) == 1.0
