"""The OpenSearch engine on the loopback: versions, parts of a bulk, a domain that is busy, and what is left behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from functions.search.engine.asked import Search
from functions.search.engine.opensearch import writer
from functions.search.engine.opensearch.engine import OpenSearch
from functions.search.engine.ports import Change, EngineBroken, IndexGone
from shared.errors import Unavailable
from tests.search.engine.indexes import COLLECTION_ID, LIVE, Engine, blueprint
from tests.search.opensearch.loopback import CUT, Loopback, serving
from tests.search.schemas import FIELDS


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setattr("shared.pauses.after", lambda *_, **__: None)
    with serving() as loopback:
        yield loopback


@pytest.fixture
def engine(loopback: Loopback) -> OpenSearch:
    return OpenSearch(loopback.url)


def put(id_: str, title: str, version: int = 1) -> Change:
    return Change(id_, version, {"title": title})


def finds(engine: OpenSearch, folder: Path, q: str) -> list[str]:
    return Engine(engine.open(folder, blueprint()), FIELDS).finds(q)


def test_a_live_opensearch_passes_the_suite_as_well():
    if not LIVE:
        pytest.skip("not run: OPENSEARCH_URL names no OpenSearch")

    assert LIVE.startswith("http")


def test_an_older_version_never_wins(engine: OpenSearch, tmp_path: Path):
    first = engine.write(tmp_path, blueprint(), [put("a", "new", 5), put("b", "there", 1)])
    late = engine.write(tmp_path, blueprint(), [put("a", "old", 4), put("a", "new", 5), Change("a", 3, None)])
    gone = engine.write(tmp_path, blueprint(), [Change("b", 2, None), Change("never", 1, None), put("b", "late", 1)])

    assert [each.documents for each in (first, late, gone)] == [2, 2, 1]
    assert [each.refused for each in (first, late, gone)] == [frozenset()] * 3
    assert (finds(engine, tmp_path, "new"), finds(engine, tmp_path, "old"), finds(engine, tmp_path, "late")) == (
        ["a"],
        [],
        [],
    )


def test_a_document_that_does_not_fit_is_refused_and_the_others_are_found(
    loopback: Loopback, engine: OpenSearch, tmp_path: Path
):
    engine.write(tmp_path, blueprint(), [put("a", "whale")])
    loopback.refused_items["a"] = [400]
    written = engine.write(tmp_path, blueprint(), [put("a", "whales", 2), put("b", "whale", 2)])

    assert (written.documents, written.refused) == (1, {"a"})
    assert finds(engine, tmp_path, "whale") == ["b"]


@pytest.mark.parametrize("status", [429, 503])
def test_what_a_busy_domain_has_not_taken_is_sent_again(
    loopback: Loopback, engine: OpenSearch, tmp_path: Path, status: int
):
    loopback.refused_items["a"] = [status, status]
    written = engine.write(tmp_path, blueprint(), [put("a", "whale"), put("b", "whale")])

    assert (written.documents, written.refused) == (2, set())
    assert [path.partition("?")[0].rpartition("/")[2] for _, path in loopback.asked[1:]] == ["_bulk"] * 3 + ["_search"]


def test_a_domain_that_stays_busy_is_unavailable_and_an_item_without_a_reason_breaks_off(
    loopback: Loopback, engine: OpenSearch, tmp_path: Path
):
    loopback.refused_items |= {"a": [429] * writer.TRIES, "b": [403]}

    with pytest.raises(Unavailable):
        engine.write(tmp_path, blueprint(), [put("a", "whale")])
    with pytest.raises(EngineBroken):
        engine.write(tmp_path, blueprint(), [put("b", "whale")])


@pytest.mark.parametrize("status", [429, 502, 503, CUT])
def test_a_request_without_an_answer_is_made_again_until_it_is_given_up(
    loopback: Loopback, engine: OpenSearch, tmp_path: Path, status: int
):
    loopback.next_statuses = [status]
    engine.write(tmp_path, blueprint(), [put("a", "whale")])
    searcher = engine.open(tmp_path, blueprint())
    loopback.next_statuses = [status] * 3
    found = searcher.search(Search()).found
    loopback.next_statuses = [status] * 4

    assert found == 1
    with pytest.raises(Unavailable):
        searcher.search(Search())


def test_a_refusal_says_its_kind_and_quotes_nothing(loopback: Loopback, engine: OpenSearch, tmp_path: Path):
    engine.write(tmp_path, blueprint(), [put("a", "secret")])
    loopback.next_statuses = [400]

    with pytest.raises(EngineBroken) as broken:
        finds(engine, tmp_path, "secret")
    assert str(broken.value) == "OpenSearch refused while searching: 400 unknown"


def test_a_request_holds_as_many_bytes_as_the_smallest_domain_takes(
    loopback: Loopback, engine: OpenSearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("functions.search.engine.opensearch.writer.MAX_BYTES", 1000)
    written = engine.write(tmp_path, blueprint(), [put(str(number), "whale " * 20) for number in range(10)])

    assert written.documents == 10
    assert sum("_bulk" in path for _, path in loopback.asked) > 3


def test_every_request_is_signed_as_botocore_signs_it(loopback: Loopback, engine: OpenSearch, tmp_path: Path):
    engine.write(tmp_path, blueprint(), [put("a", "whale")])
    engine.sweep(COLLECTION_ID, ())
    signed = ("content-type", "host", "x-amz-date")
    for method, target, headers, body in loopback.requests:
        request = AWSRequest(method, f"{loopback.url}{target}", data=body)
        for name in signed:
            request.headers[name] = headers[name]
        request.context["timestamp"] = headers["x-amz-date"]
        auth = SigV4Auth(Credentials("testing", "testing"), "es", "eu-central-1")
        expected = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)

        assert headers["authorization"].endswith(f"SignedHeaders={';'.join(signed)}, Signature={expected}")
    assert [each[0] for each in loopback.requests] == ["PUT", "POST", "POST", "GET", "DELETE"]


def test_only_the_indexes_that_are_named_stay(loopback: Loopback, engine: OpenSearch, tmp_path: Path):
    folders = [tmp_path / name for name in ("old", "new", "other")]
    for folder in folders:
        folder.mkdir()
        other = blueprint()._replace(collection_id="col_01KAEY3VJ0R8S4T0V6W2X9Y5Z2")
        engine.write(folder, other if folder.name == "other" else blueprint(), [put("a", "whale")])
    old = engine.open(folders[0], blueprint())
    engine.sweep(COLLECTION_ID, [(folders[1] / "meta.json").read_text()])

    with pytest.raises(IndexGone):
        old.search(Search())
    assert finds(engine, folders[1], "whale") == ["a"]
    with pytest.raises(Unavailable):
        engine.write(folders[0], blueprint(), [put("b", "whale")])
    engine.sweep(COLLECTION_ID, ())
    assert [name.partition("-")[0] for name in loopback.indexes] == ["col_01kaey3vj0r8s4t0v6w2x9y5z2"]


def test_the_index_of_another_engine_is_not_taken_for_its_own(engine: OpenSearch, tmp_path: Path):
    (tmp_path / "meta.json").write_text('{"segments": []}')

    assert not engine.knows('{"segments": []}')
    with pytest.raises(EngineBroken):
        engine.write(tmp_path, blueprint(), [put("a", "whale")])
