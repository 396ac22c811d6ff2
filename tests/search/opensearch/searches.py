"""A `_search` of the loopback server: query, order, page, groups and counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.search.opensearch.analysis import BadRequest
from tests.search.opensearch.evaluation import Evaluation, Scores
from tests.search.opensearch.indexes import Index

BODY = {
    "query",
    "from",
    "size",
    "sort",
    "track_scores",
    "aggs",
    "collapse",
    "track_total_hits",
    "timeout",
}
MAX_RESULT_WINDOW = 10_000


def answer(index: Index, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a search."""
    for name in body:
        if name not in BODY:
            raise BadRequest("parsing_exception", f"unknown key [{name}]")
    start, size = body.get("from", 0), body["size"]
    if start + size > MAX_RESULT_WINDOW:
        raise BadRequest("illegal_argument_exception", "Result window is too large")
    scores = Evaluation(index).of(body["query"])
    orders = body.get("sort", [{"_score": {"order": "desc"}}])
    ids = _sorted(index, scores, orders)
    has_scores = body.get("track_scores", False) or any("_score" in each for each in orders)
    hits = _hits(ids, scores, has_scores=has_scores)
    if "collapse" in body:
        hits = _collapsed(index, hits, body["collapse"])
    return {
        "timed_out": False,
        "_shards": {"total": 1, "successful": 1, "failed": 0},
        "hits": {"total": {"value": len(ids), "relation": "eq"}, "hits": hits[start : start + size]},
        "aggregations": {name: _counted(index, scores, each) for name, each in body.get("aggs", {}).items()},
    }


def _sorted(index: Index, scores: Scores, orders: Sequence[Mapping[str, Any]]) -> list[str]:
    ids = [*scores]
    for order in reversed(orders):
        ((name, said),) = order.items()
        is_descending = said["order"] == "desc"
        if name == "_score":
            ids.sort(key=scores.__getitem__, reverse=is_descending)
            continue
        _require_counted(index, name)
        values = {id_: index.documents[id_].get(name, [None])[0] for id_ in ids}
        present = [id_ for id_ in ids if values[id_] is not None]
        present.sort(key=values.__getitem__, reverse=is_descending)
        ids = present + [id_ for id_ in ids if values[id_] is None]
    return ids


def _hits(ids: Sequence[str], scores: Scores, *, has_scores: bool) -> list[dict[str, Any]]:
    return [{"_id": id_, "_score": scores[id_] if has_scores else None} for id_ in ids]


def _collapsed(index: Index, hits: Sequence[dict[str, Any]], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    name, inner = asked["field"], asked["inner_hits"]
    _require_counted(index, name)
    groups: dict[Any, list[dict[str, Any]]] = {}
    for hit in hits:
        groups.setdefault(index.documents[hit["_id"]].get(name, [None])[0], []).append(hit)
    return [
        {
            **together[0],
            "fields": {name: [key]},
            "inner_hits": {inner["name"]: {"hits": {"hits": together[: inner["size"]]}}},
        }
        for key, together in groups.items()
    ]


def _counted(index: Index, scores: Scores, asked: Mapping[str, Any]) -> dict[str, Any]:
    ((kind, said),) = asked.items()
    if kind == "filters":
        found = {name: Evaluation(index).of(each).keys() & scores.keys() for name, each in said["filters"].items()}
        return {"buckets": {name: {"doc_count": len(ids)} for name, ids in found.items()}}
    if kind != "terms":
        raise BadRequest("parsing_exception", f"Unknown aggregation type [{kind}]")
    _require_counted(index, said["field"])
    counts = Counter(value for id_ in scores for value in set(index.documents[id_].get(said["field"], ())))
    most = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[: said["size"]]
    return {"buckets": [{"key": key, "doc_count": count} for key, count in most]}


def _require_counted(index: Index, name: str) -> None:
    known = index.properties.get(name)
    if known is None:
        raise BadRequest("query_shard_exception", f"No mapping found for [{name}]")
    if known["type"] == "text" or not known.get("doc_values", True):
        raise BadRequest("illegal_argument_exception", f"[{name}] has no doc values")
