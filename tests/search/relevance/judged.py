"""Texts that are searched, queries, and how well each text answers each query: judged by hand, see docs/search.md.

The texts are the descriptions of operations in botocore 1.43.106 (Apache-2.0), the first 50 words of each.
"""

import lzma
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).parent
LOOKED_AT: Final = 10
"""How far down somebody looks: nDCG@10."""


class Query(NamedTuple):
    """What is asked, whether it was held out when the ranking was made, and the grades from 0 to 3 by text."""

    q: str
    is_held_out: bool
    grades: Mapping[str, int]


def operations() -> dict[str, str]:
    """Return the texts by their ids."""
    lines = lzma.decompress((HERE / "operations.tsv.xz").read_bytes()).decode().splitlines()
    return {id_: text for id_, _, text in (line.partition("\t") for line in lines)}


def queries() -> list[Query]:
    """Return the queries that were judged."""
    rows = [line.split("\t") for line in (HERE / "judgments.tsv").read_text(encoding="utf-8").splitlines()]
    return [Query(q, group == "held out", _grades(graded)) for q, group, graded in rows]


def ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return how near an order of texts is to the best one, from 0 to 1; a text that nobody judged counts as 0.

    The discounted cumulative gain of Järvelin and Kekäläinen, with gains of 2^grade - 1.
    """
    best = _gained(sorted(grades.values(), reverse=True))
    return _gained([grades.get(each, 0) for each in found]) / best if best else 1.0


def _gained(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:LOOKED_AT]))


def _grades(text: str) -> dict[str, int]:
    return {id_: int(grade) for id_, _, grade in (each.rpartition("=") for each in text.split(" "))}
