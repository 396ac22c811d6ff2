"""The audience of a campaign from files of leads: the same as from the table, whatever dies or changes meanwhile."""

import contextlib
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from functions.audience.campaigns import campaigns, chunks
from functions.audience.campaigns.freezing import audiences, frozen, sources
from functions.audience.campaigns.freezing.audiences import Entry
from functions.audience.campaigns.preparing import preparing
from functions.audience.delivery.messages import Channel
from functions.audience.files import pointers, rebuilding
from functions.audience.leads import leads
from functions.audience.leads.leads import Lead
from functions.audience.querying import audiences as opened
from functions.audience.querying import choosing
from shared import clock, ids
from shared.storage import files, table
from tests.audience.campaigns.staging import (
    EVERYBODY,
    Stage,
    adds_up,
    has_campaign,
    has_provider,
    has_segment,
    puts,
    rows,
    starts,
    stored,
)
from tests.audience.people import Person
from tests.audience.querying.publishing import publish
from tests.audience.querying.publishing import stored as rows_of_table
from tests.aws import troubles

ENOUGH = 100  # More calls than the preparing of a small campaign makes.
RULES = [
    EVERYBODY,
    {"type": "condition", "field": "tags", "operator": "CONTAINS", "value": "VIP"},
    {"type": "condition", "field": "visits", "operator": ">", "value": 3},
    {"op": "NOT", "children": [{"type": "condition", "field": "name", "operator": "BEGINS_WITH", "value": "ss"}]},
]


@pytest.fixture
def by_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files of few leads answer as well."""
    monkeypatch.setattr(choosing, "LEAST", 0)


def has_random_leads(person: Person, count: int, *, seed: int = 0) -> None:
    """Put leads into the table of whom some have no address, several, or one that another has too."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    table.put_many([leads.to_item(a_lead(person, number, chance)) for number in range(count)])


def a_lead(person: Person, number: int, chance: random.Random) -> Lead:
    now, few = clock.to_rfc3339(clock.now()), max(number // 2, 3)
    return Lead(
        tenant_id=person.tenant_id,
        lead_id=ids.new("lead"),
        created_at=now,
        updated_at=now,
        version=1,
        external_id=chance.choice([f"x{number}", None]),
        name=chance.choice(["Straße", "ßen", "İpek", None]),
        emails=tuple(f"p{chance.randrange(few)}@example.org" for _ in range(chance.randrange(3))),
        phones=tuple(f"+4420794{chance.randrange(few):05}" for _ in range(chance.randrange(3))),
        tags=tuple(chance.sample(["vip", "Vip-2", "x"], chance.randrange(3))),
        base_visits=chance.randrange(6),
        metadata=chance.choice(["{}", '{"push_token": "a"}', '{"push_token": ["a"]}', '{"push_token": "b"}']),
    )


def frozen_of(person: Person, campaign_id: str) -> list[Entry]:
    """Return what a campaign was frozen to."""
    kept = frozen.find(person.tenant_id, campaign_id)
    assert kept is not None
    found = files.find(kept.file)
    return [] if found is None else audiences.read(kept.file, 0, audiences.size(found.size))


def has_started(person: Person, stage: Stage, **fields: Any) -> str:
    """Start a campaign that is not prepared yet."""
    has_provider(person, stage.provider.url)
    starts(person, campaign_id := has_campaign(person, **fields))
    return campaign_id


def is_prepared_anew(person: Person, campaign_id: str) -> None:
    opened.forget()
    preparing.prepare(person.tenant_id, campaign_id)


@contextlib.contextmanager
def before(operation: str, do: Callable[..., None]) -> Iterator[None]:
    """Do something before each call of an operation of the bucket."""
    events, name = files.client().meta.events, f"before-call.s3.{operation}"
    events.register(name, do)
    try:
        yield
    finally:
        events.unregister(name, do)


def waiting_chunks(person: Person, campaign_id: str) -> list[tuple[int, int]]:
    return [(each.number, each.size) for each in chunks.unfinished(person.tenant_id, campaign_id)]


@pytest.mark.parametrize("rule", RULES, ids=["external id", "tag", "visits", "name"])
@pytest.mark.parametrize("channel", ["email", "sms", "whatsapp", "push", "webhook"])
def test_files_give_the_same_audience_as_the_table(
    ada: Person, campaigning: Stage, by_files: None, channel: Channel, rule: Mapping[str, Any]
) -> None:
    has_random_leads(ada, 150, seed=len(channel))
    rebuilding.rebuild(ada.tenant_id)
    campaign_id = has_campaign(ada, segment_id=has_segment(ada, rule))
    campaign = campaigns.get(ada.tenant_id, campaign_id)._replace(channel=channel)
    table.transact([frozen.freeze(campaign, file=files.new_key(audiences.PURPOSE, ada.tenant_id))])
    kept = frozen.find(ada.tenant_id, campaign_id)
    assert kept is not None
    from_files = [*audiences.entries(sources.members(campaign, kept))]
    pointer = pointers.key(ada.tenant_id)
    table.delete_many([pointer])
    from_table = [*audiences.entries(sources.members(campaign, kept))]

    assert from_files == from_table
    assert [each.lead_id for each in from_files] == sorted({each.lead_id for each in from_files})
    assert {each.skipped for each in from_files} == (
        {None} if channel == "webhook" else {None, "no_address", "duplicate_address"}
    )


def test_many_leads_are_asked_of_files_and_few_of_the_table(ada: Person, campaigning: Stage) -> None:
    has_random_leads(ada, choosing.LEAST)
    publish(ada.tenant_id, rows_of_table(ada.tenant_id))
    late = ada.creates(external_id="late", emails=["late@example.org"])["lead_id"]
    campaign_id = has_started(ada, campaigning)
    campaigning.hear()
    known = {each["lead_id"] for each in rows_of_table(ada.tenant_id) if each["external_id"] is not None}

    assert {each.lead_id for each in frozen_of(ada, campaign_id)} == known - {late}
    assert stored(ada, campaign_id).audience == len(known) - 1


def test_a_process_that_dies_at_any_call_freezes_one_audience(ada: Person, campaigning: Stage, by_files: None) -> None:
    has_random_leads(ada, 20)
    rebuilding.rebuild(ada.tenant_id)
    segment_id = has_segment(ada)
    has_provider(ada, campaigning.provider.url)
    everybody: set[str] = set()
    for takes_effect in (False, True):
        for number in range(1, ENOUGH):
            opened.forget()
            campaign_id = has_campaign(ada, segment_id=segment_id, chunk_size=3)
            starts(ada, campaign_id)
            with troubles.dying_at(number, takes_effect=takes_effect) as made:
                campaigning.hear()
            campaigning.hear()
            found = frozen_of(ada, campaign_id)
            everybody = everybody or {each.lead_id for each in found}

            assert stored(ada, campaign_id).status == "running", number
            assert {each.lead_id for each in found} == everybody, number
            assert len(found) == len(everybody) == stored(ada, campaign_id).audience, number
            assert waiting_chunks(ada, campaign_id) == [
                (n, min(3, len(found) - 3 * n)) for n in range(-(-len(found) // 3))
            ]
            campaigning.waiting.clear()
            if len(made) < number:
                break
        else:
            raise AssertionError("preparing makes fewer calls")


def test_of_two_that_prepare_at_once_the_first_audience_counts(ada: Person, campaigning: Stage, by_files: None) -> None:
    has_random_leads(ada, 20)
    rebuilding.rebuild(ada.tenant_id)
    campaign_id = has_started(ada, campaigning)
    seen: list[list[Entry]] = []

    def other(**_: Any) -> None:
        if not seen:
            seen.append([])
            has_random_leads(ada, 10, seed=1)
            rebuilding.rebuild(ada.tenant_id)
            is_prepared_anew(ada, campaign_id)
            seen[0] = frozen_of(ada, campaign_id)

    with before("PutObject", other):
        preparing.prepare(ada.tenant_id, campaign_id)
    campaigning.run()

    assert stored(ada, campaign_id).audience == len(seen[0]) == len(rows(campaign_id))
    assert (stored(ada, campaign_id).status, adds_up(stored(ada, campaign_id))) == ("completed", True)


def test_files_that_are_replaced_meanwhile_do_no_harm(ada: Person, campaigning: Stage, by_files: None) -> None:
    has_random_leads(ada, 20)
    rebuilding.rebuild(ada.tenant_id)
    campaign_id = has_started(ada, campaigning)
    rebuilt: list[int] = []

    def rebuild(**_: Any) -> None:
        if not rebuilt:
            rebuilt.append(0)
            old = [each.key for each in (pointers.find(ada.tenant_id) or pytest.fail("no files")).shards]
            rebuilt[0] = rebuilding.rebuild(ada.tenant_id).generation
            for key in old:
                files.remove(key)

    with before("GetObject", rebuild):
        campaigning.hear()
    campaigning.run()

    assert rebuilt == [2]
    assert (stored(ada, campaign_id).status, adds_up(stored(ada, campaign_id))) == ("completed", True)


def test_files_that_are_missing_are_waited_for(ada: Person, campaigning: Stage, by_files: None) -> None:
    has_random_leads(ada, 20)
    for shard in rebuilding.rebuild(ada.tenant_id).shards:
        files.remove(shard.key)
    campaign_id = has_started(ada, campaigning)
    failed = campaigning.hear()
    waiting = stored(ada, campaign_id).status
    rebuilding.rebuild(ada.tenant_id)
    campaigning.run()

    assert (failed, waiting) == (1, "preparing")
    assert stored(ada, campaign_id).status == "completed"


def test_a_tenant_without_files_is_prepared_from_the_table(ada: Person, campaigning: Stage, by_files: None) -> None:
    has_random_leads(ada, 20)
    campaign_id = has_started(ada, campaigning)
    campaigning.run()

    assert (stored(ada, campaign_id).status, adds_up(stored(ada, campaign_id))) == ("completed", True)


def lies(person: Person, campaign_id: str) -> bool:
    kept = frozen.find(person.tenant_id, campaign_id)
    return kept is not None and files.find(kept.file) is not None


def test_the_file_of_an_audience_ends_with_its_campaign(ada: Person, campaigning: Stage) -> None:
    has_random_leads(ada, 10)
    done, cancelled, failed = (
        has_started(ada, campaigning, segment_id=has_segment(ada), **more) for more in ({}, {}, {"max_audience": 1})
    )
    # Only the events of the start are brought: what follows from a failure is not known yet.
    for event in campaigning.unheard():
        preparing.prepare(ada.tenant_id, event.subject_id)
    before_ = [lies(ada, each) for each in (done, cancelled, failed)]
    puts(ada, cancelled, "cancelled")
    campaigning.run()

    assert [stored(ada, each).status for each in (done, cancelled, failed)] == ["completed", "cancelled", "failed"]
    # Whoever finds that it is over removes the file at once.
    assert before_ == [True, True, False]
    assert [lies(ada, each) for each in (done, cancelled, failed)] == [False, False, False]


def test_the_file_of_a_campaign_that_is_cancelled_while_it_is_written_does_not_stay(
    ada: Person, campaigning: Stage
) -> None:
    has_random_leads(ada, 10)
    campaign_id = has_started(ada, campaigning)
    (started,) = campaigning.unheard()

    def cancel(**_: Any) -> None:
        puts(ada, campaign_id, "cancelled")
        campaigning.handled_events.add(started.event_id)
        campaigning.hear()

    with before("PutObject", cancel):
        preparing.prepare(ada.tenant_id, campaign_id)

    assert stored(ada, campaign_id).status == "cancelled"
    assert not lies(ada, campaign_id)


def test_a_campaign_whose_audience_is_lost_pauses_and_says_so(ada: Person, campaigning: Stage) -> None:
    has_random_leads(ada, 10)
    campaign_id = has_started(ada, campaigning)
    campaigning.hear()
    kept = frozen.find(ada.tenant_id, campaign_id)
    assert kept is not None
    files.remove(kept.file)
    campaigning.run()

    assert (stored(ada, campaign_id).status, stored(ada, campaign_id).reason) == ("paused", "audience_lost")
    puts(ada, campaign_id, "running")
    campaigning.run()
    assert (stored(ada, campaign_id).status, stored(ada, campaign_id).reason) == ("paused", "audience_lost")
    assert campaigning.provider.calls == []
