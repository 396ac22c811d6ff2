"""From a file of people to the last receipt: a provider fails, repeats itself and overtakes, and nobody is told twice.

Every run does it with 2,000 people, `make soak` with 100,000, and says what it took.
"""

import random
import sys
import time as real_time
from collections import Counter
from typing import Any

import pytest

from functions.audience.delivery.providers import Provider
from tests.audience.campaigns.staging import (
    CHUNKS,
    EVERYBODY,
    Stage,
    adds_up,
    has_campaign,
    has_segment,
    rows,
    starts,
    stored,
)
from tests.audience.delivery import having
from tests.audience.imports import working
from tests.audience.imports.conftest import joins
from tests.audience.imports.conftest import stage as import_stage
from tests.audience.people import Person
from tests.audience.receipts.telling import Post
from tests.aws.quick.table import QuickTable
from tests.soaking import IS_ON, histories, soaks

__all__ = ["import_stage"]

PEOPLE = histories(2_000, soaking=100_000)
AT_ONCE = 100
"""How many receipts come in a request."""
MOST_SECONDS_EACH = 0.1
"""Of the processor; 2 seconds more for what is made once."""
ANSWERS = ["accepted"] * 6 + ["retry", "refused", "broken", "dropped"]


class Telling:
    """A provider that tells of what it has taken: in any order, some of it twice, openings before deliveries."""

    def __init__(self, post: Post, person: Person, url: str, chance: random.Random) -> None:
        self._post, self._chance = post, chance
        made, self._secret = having.provider(settings={"url": url}, tenant_id=person.tenant_id, per_minute=30_000)
        self._provider: Provider = having.stored(made, is_default=True)
        self.opened = 0

    def tells(self, campaign_id: str, lead_ids: list[str]) -> None:
        told: list[dict[str, Any]] = []
        for lead_id in lead_ids:
            opens = self._chance.random() < 0.2
            self.opened += opens
            statuses = ["delivered", "opened"] if opens else ["delivered"]
            about = {"campaign_id": campaign_id, "lead_id": lead_id}
            told += [{**about, "status": each} for each in statuses * self._chance.choice((1, 1, 2))]
        self._chance.shuffle(told)
        for first in range(0, len(told), AT_ONCE):
            assert (
                self._post.tells(self._provider, self._secret, {"receipts": told[first : first + AT_ONCE]}).status
                == 202
            )
            self._post.brings()


def says_what_it_took(capsys: pytest.CaptureFixture[str], seconds: float) -> None:
    if IS_ON:
        with capsys.disabled():
            sys.stdout.write(f"\n{PEOPLE} people took the processor {seconds:.0f} seconds\n")


def is_told_alike(stats: dict[str, Any], telling: Telling, taken: int) -> bool:
    """Return whether the statistics are what the provider has told."""
    counts = stats["counts"]
    return counts["delivered"] + counts["opened"] == taken and counts["opened"] == telling.opened


def sends_to_all(ada: Person, campaigning: Stage) -> tuple[Any, str]:
    """Preview a segment of everybody, and send a campaign to it of which every message of the queue comes twice."""
    everybody = {**EVERYBODY, "field": "emails"}
    preview = ada.post("/segments/preview", {"rule_ast": everybody}).body
    campaign_id = has_campaign(ada, segment_id=has_segment(ada, everybody))
    starts(ada, campaign_id)
    campaigning.hear()
    campaigning.waiting += [each for each in campaigning.waiting if each.queue == CHUNKS]
    campaigning.run(most=1_000_000)
    return preview, campaign_id


@soaks
@pytest.mark.usefixtures("import_stage", "quick_bucket")
def test_everybody_of_a_file_is_told_once_and_the_statistics_are_what_the_provider_knows(
    ada: Person,
    campaigning: Stage,
    quick_table: QuickTable,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    began, chance, server = real_time.process_time(), random.Random(PEOPLE), campaigning.provider  # noqa: S311
    joins(ada, "owner")
    telling = Telling(Post(monkeypatch), ada, server.url, chance)
    addresses = [f"person-{number:06}@example.org" for number in range(PEOPLE)]
    answers = {each: chance.choice(ANSWERS) for each in addresses}
    server.answers.update({each: [answer] for each, answer in answers.items()})

    # The last row is that of somebody who is in the file already.
    lines = [f"{address},Person {number}" for number, address in enumerate([*addresses, addresses[0]])]
    done = working.imported(ada, "\n".join(["email,name", *lines]), seed=1)
    preview, campaign_id = sends_to_all(ada, campaigning)
    sent = Counter(each.status for each in rows(campaign_id))
    taken = [each["lead_id"] for each in server.calls if each["send_id"] in server.taken]
    telling.tells(campaign_id, list(dict.fromkeys(taken)))
    stats = ada.get(f"/campaigns/{campaign_id}/stats").body
    recount = ada.holding("audience:read audience:admin").post(f"/campaigns/{campaign_id}/recount", {}).body
    seconds = real_time.process_time() - began
    says_what_it_took(capsys, seconds)

    expected = Counter(answers.values())
    results = done["results"]
    assert (done["status"], sum(results.values()), results["inserted"]) == ("completed", PEOPLE + 1, PEOPLE)
    assert preview["count"] == PEOPLE
    assert stored(ada, campaign_id).status == "completed"
    assert adds_up(stored(ada, campaign_id))
    went = expected["accepted"] + expected["retry"]
    assert sent == {"sent": went, "failed": expected["refused"], "unknown": expected["broken"] + expected["dropped"]}
    assert {*server.taken.values()} == {1}
    assert len(server.taken) == PEOPLE - expected["refused"]
    assert is_told_alike(stats, telling, len(server.taken))
    assert stats["counts"]["failed"] == expected["refused"]
    assert recount["differences"] == []
    assert seconds <= 2 + PEOPLE * MOST_SECONDS_EACH
