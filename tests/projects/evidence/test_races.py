"""Two at once: the uploader and S3, the same bytes twice, a quota that 20 want; on two tables that are not kind."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from functions.projects import lifecycle as projects
from functions.projects.evidence import evidence, reading, removal, uploads, usage
from functions.projects.milestones import lifecycle, milestones
from shared import ids
from shared.callers import tenant_settings
from shared.callers.caller import Caller
from shared.errors import Refusal
from shared.storage import changes, files, table
from shared.storage.writes import Put
from tests.aws.buckets import keep_versions, make_files_bucket
from tests.aws.races import at_once
from tests.aws.stack import server, table_at, table_on_locked_moto
from tests.projects.evidence.bringing import PDF, declared, pdf_of, s3_says, sends

ROUNDS = {"moto": 10, "ministack": 50}
FIELDS = {"description": "", "requirement": None, "tags": [], "expires_on": None}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("stack")) as address:
        yield address


@pytest.fixture(params=["moto", "ministack"], autouse=True)
def rounds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """How often a race is run; moto copies its table for each transaction."""
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    on_moto = request.param == "moto"
    with table_on_locked_moto() if on_moto else table_at(request.getfixturevalue("endpoint")):
        files.client.cache_clear()
        name = make_files_bucket()
        keep_versions(name)
        monkeypatch.setenv("FILES_BUCKET", name)
        yield ROUNDS[request.param]
    files.client.cache_clear()


@pytest.fixture
def ada() -> Caller:
    scopes = frozenset({"projects:admin"})
    return Caller(ids.new("user"), ids.new("tenant"), (), scopes, None, (), None)


@pytest.fixture
def milestone_id(ada: Caller) -> str:
    project_id = projects.create(ada, {"name": "Engine", "currency": "EUR"})["project_id"]
    return str(lifecycle.create(ada, project_id, {"title": "Mill", "kind": "custom"})["project_milestone_id"])


def announces(ada: Caller, milestone_id: str, body: bytes) -> dict[str, Any]:
    return uploads.begin(ada, milestone_id, {**FIELDS, **declared(body)})


def told(ada: Caller, milestone_id: str, evidence_id: str) -> Counter[str]:
    items = table.query_all(milestones.history(ada.tenant_id, milestone_id), "ENTRY#")
    return Counter(each["event_type"] for each in items if each.get("evidence_id") == evidence_id)


def code(answer: object) -> str:
    return answer.code if isinstance(answer, Refusal) else "done"


def test_of_the_uploader_and_s3_at_once_one_settles_evidence_and_both_see_it(
    ada: Caller, milestone_id: str, rounds: int
):
    for number in range(rounds):
        body = pdf_of(b"%d" % number)
        announced = announces(ada, milestone_id, body)
        key, evidence_id = sends(announced, body), announced["evidence"]["evidence_id"]
        said, consumed = at_once(partial(uploads.complete, ada, evidence_id), partial(s3_says, key))

        assert (said["status"], consumed) == ("uploaded", {"batchItemFailures": []})
        assert reading.piece(ada, evidence_id) == said
        assert told(ada, milestone_id, evidence_id) == {
            "projects.evidence.announced": 1,
            "projects.evidence.uploaded": 1,
        }


def test_of_two_announcements_of_the_same_bytes_one_is_taken(ada: Caller, milestone_id: str):
    for number in range(10):
        body = pdf_of(b"%d" % number)
        answers = at_once(*[partial(announces, ada, milestone_id, body)] * 2)

        assert sorted(map(code, answers)) == ["DuplicateEvidence", "done"]
    assert usage.view(ada)["files"] == 10


def test_of_20_announcements_at_once_no_more_are_taken_than_the_quota_has_room_for(ada: Caller, milestone_id: str):
    pk, sk = usage.key(ada.tenant_id)
    body = pdf_of(b"00")
    left = 7 * len(body) + 3
    taken = tenant_settings.EVIDENCE_QUOTA - left
    table.transact([Put({"PK": pk, "SK": sk, "entity": "EvidenceUsage", "bytes": taken})])
    bodies = [pdf_of(b"%02d" % number) for number in range(20)]
    answers = at_once(*(partial(announces, ada, milestone_id, each) for each in bodies))

    assert Counter(map(code, answers)) == {"done": 7, "EvidenceQuotaExceeded": 13}
    assert usage.view(ada)["left_bytes"] == 3


def test_no_file_is_left_over_when_evidence_is_deleted_while_it_is_looked_at(ada: Caller, milestone_id: str):
    for _ in range(10):
        announced = announces(ada, milestone_id, PDF)
        key, evidence_id = sends(announced), announced["evidence"]["evidence_id"]
        at_once(partial(removal.delete, ada, evidence_id, if_match=None), partial(uploads.complete, ada, evidence_id))
        s3_says(key)

        assert files.latest(key) is None
        assert table.get(evidence.key(ada.tenant_id, milestone_id, evidence_id)) is None
        assert usage.view(ada)["used_bytes"] == 0
