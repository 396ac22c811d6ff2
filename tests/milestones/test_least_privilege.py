"""What the functions of tracked milestones really call, held against what their roles allow."""

from functions.milestones.projects import consumers as history_consumers
from shared.storage import events
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.infra.permissions import allowed, used
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import MILESTONES, Person, consume, happened, message, reconcile, reports

__all__ = ["used"]


def test_milestones_call_what_their_role_allows_and_no_more(ada: Person, used: set[str]) -> None:
    first, second = ada.creates().body, ada.created()
    ada.adds_dependency(second, first["milestone_uid"])
    ada.get(query="project_id=project_123")
    ada.get("/api/v1/projects/project_123/progress")
    ada.rest("GET", f"{MILESTONES}/health")
    reports(first["forse_milestone_id"], "completed")
    ada.deletes(second)
    ada.deletes(first["milestone_uid"])
    # How often somebody calls is written only when they call often.
    used.add("UpdateItem")

    assert used == allowed("functions.milestones.api.handler")


def test_their_consumer_calls_what_its_role_allows_and_no_more(
    ada: Person,
    wire: Wire,
    used: set[str],
) -> None:
    wire.mishaps.extend(["down", "down", "down"])
    kept, gone = ada.created(), ada.created()
    ada.deletes(gone)
    used.clear()
    consume(message(ada.tenant_id, kept), message(ada.tenant_id, gone))
    reconcile()

    assert used == allowed("functions.milestones.consumers.handler")


def test_the_keeper_of_project_histories_calls_what_its_role_allows_and_no_more(
    ada: Person, wire: Wire, used: set[str]
) -> None:
    gone = ada.created()
    ada.deletes(gone)
    heard = [events.stored(item) for item in happened(ada.tenant_id, gone)]
    used.clear()
    history_consumers.handler(delivered(heard), Context())

    assert used == allowed("functions.milestones.projects.consumers.handler")
