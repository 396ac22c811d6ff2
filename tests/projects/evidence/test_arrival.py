"""Files whose uploader says that they are there while somebody else settles or removes the evidence: step by step."""

from typing import Any

import pytest

from shared.storage import files
from tests.projects.evidence.bringing import PDF, announces, s3_says, says, sends
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("bucket")


@pytest.mark.parametrize("step", ["latest", "pieces"])
def test_a_file_that_s3_has_had_rejected_a_moment_before_is_answered_as_rejected(
    step: str, ben: Person, milestone: str, monkeypatch: pytest.MonkeyPatch
):
    announced = announces(ben, milestone)
    key = sends(announced, PDF[:-1])
    taken, first = getattr(files, step), iter([key])

    def a_moment_later(*asked: str) -> Any:
        for sent in first:
            s3_says(sent)
        return taken(*asked)

    monkeypatch.setattr(files, step, a_moment_later)

    answer = says(ben, announced)

    assert answer.status == 200, answer.body
    assert (answer.body["status"], answer.body["reason"]) == ("rejected", "hash_mismatch")


def test_who_says_that_a_file_is_there_while_its_evidence_is_deleted_is_told_that_it_is_gone(
    ben: Person, milestone: str, monkeypatch: pytest.MonkeyPatch
):
    announced = announces(ben, milestone)
    sends(announced)
    latest = files.latest

    def a_moment_later(place: str) -> files.Version | None:
        ben.delete(f"/evidence/{announced['evidence']['evidence_id']}")
        return latest(place)

    monkeypatch.setattr(files, "latest", a_moment_later)

    assert says(ben, announced).code == "EvidenceNotFound"
