"""What the parts of jobs really call, held against what their role allows."""

from shared.jobs import jobs
from shared.storage import files
from tests.aws.messages import batch
from tests.goals.conftest import enrol
from tests.goals.jobs.working import announced, does, message, rows, stage, upload, waiting
from tests.goals.people import Person
from tests.goals.transfer.carrying import original
from tests.infra.permissions import allowed, used

__all__ = ["original", "stage", "used"]


def test_parts_call_what_their_role_allows_and_no_more(
    stage: None, ada: Person, bob: Person, original: str, used: set[str]
):
    exporting = str(ada.post("/goals/export-jobs").body["job_id"])
    used.clear()
    does(batch([message(ada, exporting, "goals.export")]))
    called = {*used}
    job = jobs.find(ada.user_id, exporting)
    made = None if job is None else jobs.file_of(job)
    assert made is not None
    body = files.read(made.key, most_bytes=10_000).body
    restoring = announced(ada, body)
    upload(ada, restoring, body)
    ada.post(f"/goals/restore-jobs/{restoring}/start")
    used.clear()
    does(batch([message(ada, restoring, "goals.restore")]))
    called |= used
    enrol(ada, disabled=True)
    enrol(bob, role="owner")
    taking = bob.post(f"/goals/orphaned/{ada.user_id}/transfer-jobs").body["job_id"]
    used.clear()
    bodies = [message(bob, taking, "goals.transfer")]
    while bodies:
        does(batch(bodies))
        bodies = waiting()
    called |= used
    enrol(ada)

    assert called == allowed("functions.goals.jobs.consumers.handler")
    assert [row["status"] for row in [*rows(ada, restoring), *rows(bob, taking)]] == ["done"] * 3
