"""Every way in which a milestone follows a source, once."""

from shared.storage import events
from shared.storage.events import Event
from tests.platform.held import stored
from tests.projects.following.telling import follow
from tests.projects.sources.world import HEARD, Goal, Kpi, follows, tracks
from tests.projects.team import Person


def follow_sources(ada: Person, ben: Person, project: str) -> None:
    """Let milestones of Ada's follow goals of both and a tracked milestone; one reaches its goal, and loses it."""
    mine, his, kpi = Goal.of(ada), Goal.of(ben), Kpi.of(ben)
    his.shares(ada)
    milestone = ada.begins(project, ada, acceptance="manager", **follows(mine, 50))
    other = ada.plans(project, **follows(his))
    mine.does(0, 1)
    follow(*_heard(mine.goal_id))
    ada.get(milestone)
    mine.undoes(0)
    his.withdraws(ada)
    follow(*_heard(mine.goal_id), *_heard(his.goal_id))
    ada.patch(other, tracks(kpi))
    kpi.stands(500)
    follow(*_heard(kpi.uid))
    ada.patch(other, {"progress_source": "manual", "source_id": None})
    for each in (milestone, other):
        ada.post(f"{each}/cancel", {"reason": "Not needed."})


def _heard(source_id: str) -> list[Event]:
    """Return the events of a source that projects hear of, as stored, which nothing but a test reads so."""
    found = [item for item in stored().values() if item.get("entity") == "Event"]
    mine = [events.stored(item) for item in found if source_id in item["SK"]]
    return [each for each in mine if each.event_type in HEARD]
