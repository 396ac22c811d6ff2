"""Elements of sequences and tracked milestones are found by members of their tenant who are no guests."""

import pytest

from functions.milestones import happenings, milestones
from tests.goals.conftest import enrol
from tests.goals.people import Person
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import Person as Tracker
from tests.search.everything.feeding import Feed, asks, finds, hits
from tests.search.people import stored_events
from tests.sequences.people import Person as Author

SCRIPTS = "/sequences/global/script"


@pytest.fixture
def tracker(ada: Person, wire: Wire) -> Tracker:
    """Ada, as she tracks milestones."""
    return Tracker(ada.user_id, ada.tenant_id, ada.issuer)


def author(ada: Person) -> Author:
    return Author(ada.user_id, ada.tenant_id, ada.issuer)


def test_an_element_is_found_by_what_its_latest_version_holds(ada: Person, bob: Person, eve: Person, feed: Feed):
    writer = author(ada)
    writer.creates(SCRIPTS, "opening", comment="First draft")
    writer.post(f"{SCRIPTS}/elements/opening/versions", {"data": {"title": "A storm", "scenes": [{"text": "Thunder"}]}})
    feed.runs()

    assert hits(bob, "thunder") == [
        {
            "type": "element",
            "id": "opening",
            "title": "A storm",
            "url": None,
            "parent": {"type": "sequence", "id": "global/script"},
            "highlights": [{"field": "text", "snippet": "<mark>Thunder</mark>"}],
        }
    ]
    assert finds(ada, "opening") == ["opening"]
    assert finds(bob, "first") == finds(eve, "thunder") == finds(bob.holding("search:read"), "thunder") == []


def test_an_element_of_which_the_index_has_an_earlier_version_is_not_shown_with_it(ada: Person, feed: Feed):
    writer = author(ada)
    writer.creates(SCRIPTS, "opening", comment="Thunder")
    feed.runs()
    writer.post(f"{SCRIPTS}/elements/opening/versions", {"data": {"text": "Sunshine"}})
    before = finds(ada, "thunder")
    feed.runs()

    assert (before, finds(ada, "thunder"), finds(ada, "sunshine")) == ([], [], ["opening"])


def test_a_deleted_element_is_not_found(ada: Person, feed: Feed):
    writer = author(ada)
    writer.creates(SCRIPTS, "opening", comment="Thunder")
    feed.runs()
    writer.delete(f"{SCRIPTS}/elements/opening")
    before = finds(ada, "thunder")
    feed.runs()

    assert before == finds(ada, "q=*") == []


def test_somebody_who_became_a_guest_finds_no_elements(ada: Person, bob: Person, feed: Feed):
    author(ada).creates(SCRIPTS, "opening", comment="Thunder")
    feed.runs()
    enrol(bob, role="guest")

    assert finds(bob, "thunder") == []
    assert asks(ada, "q=thunder", roles=("guest",)).body["items"] == []


def test_a_tracked_milestone_is_found_by_its_title_its_kpi_its_project_and_its_metadata(
    tracker: Tracker, bob: Person, eve: Person, feed: Feed
):
    uid = tracker.created(
        kpi_id="revenue", project_id="Harbour/East", metadata={"title": "Break-even", "notes": ["Lighthouse"]}
    )
    feed.runs()

    for query in ("break-even", "revenue", "harbour", "lighthouse", uid):
        assert finds(bob, query) == [uid]
    assert hits(bob, "lighthouse")[0]["url"] == "#/projects/Harbour%2FEast"
    assert finds(eve, "revenue") == finds(bob.holding("search:read goals:read"), "revenue") == []


def test_a_deleted_milestone_is_not_found(tracker: Tracker, ada: Person, feed: Feed):
    uid = tracker.created(kpi_id="revenue", project_id="harbour")
    feed.runs()
    tracker.deletes(uid)
    before = finds(ada, "revenue")
    feed.runs()

    assert before == finds(ada, "q=*") == []


def test_a_restated_milestone_is_told_again(tracker: Tracker, ada: Person, feed: Feed):
    uid = tracker.created(kpi_id="revenue", project_id="harbour")
    feed.seen |= {each.event_id for each in stored_events()}
    milestone = milestones.find(ada.tenant_id, uid)
    assert milestone is not None
    feed.hears(happenings.restated(milestone))
    feed.runs()

    assert finds(ada, "revenue") == [uid]
