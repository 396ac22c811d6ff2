"""What imported leads, recipients and receipts use, and a tenant in which nothing happens."""

import importlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

from functions.audience.files import pointers, rebuilding, sweeping
from shared import clock
from shared.storage import events
from tests.audience.campaigns.staging import CHUNKS, Stage, has_campaign, has_segment, lead, puts, rows
from tests.audience.delivery import having
from tests.audience.imports import working
from tests.audience.people import Person
from tests.audience.receipts.telling import Post
from tests.aws.messages import batch
from tests.costs.background import Deployed, behind, consumed, stored
from tests.costs.prices import ASSUMED, BATCH
from tests.costs.requests import Counted
from tests.costs.usage import WHOLE_PROCESSOR_MB, Usage, of_files, of_function, recording, shared_out

API: Final = "functions.audience.api.handler"
PREPARING: Final = "functions.audience.campaigns.consumers.handler"
SENDING: Final = "functions.audience.campaigns.sending.consumers.handler"
RECEIPTS: Final = "functions.audience.receipts.consumers.handler"
IMPORTS: Final = "functions.audience.imports.consumers.handler"
REQUESTED: Final = "jobs.job.requested"
PEOPLE: Final = 500
"""What a part of a file has, and more than two chunks of a campaign."""
DAYS: Final = 30
DAY_SECONDS: Final = 24 * 3600 + 1
OF_THE_STAGE: Final = {"read units": 1, "write units": 1}
"""The note of a sweep, however many tenants it looks at."""
NAMES_IN_A_LIST: Final = 1000
_CAP: Final = {"frequency_cap": {"messages": 2, "days": 7}, "postal_address": "1 Analytical Row, London"}
_MARKETING: Final = {"purpose": "marketing", "message_template": "{{ unsubscribe_url }}"}


class Counting:
    """A tenant with a provider, whose every step is counted until nothing follows from it any more."""

    def __init__(self, deployed: Deployed, ada: Person, stage: Stage, post: Post) -> None:
        self._deployed, self._ada, self._stage, self._post = deployed, ada, stage, post
        made, self._secret = having.provider(settings={"url": stage.provider.url}, tenant_id=ada.tenant_id)
        self._provider = having.stored(made, is_default=True)
        self._segment_id = has_segment(ada)
        self._known = {str(each["event_id"]) for each in stored()}

    def all(self) -> dict[str, Counted]:
        """Return what each of them uses, by what it is called in the table."""
        imported = self._uses(PEOPLE, self._imports, requests=2)
        sent = self._uses(PEOPLE, self._sends, requests=2)
        delivered = self._uses(PEOPLE, lambda: self._tell("delivered"), requests=PEOPLE)
        opened = self._uses(PEOPLE, lambda: self._tell("opened"), requests=PEOPLE)
        assert self._ada.rest("PATCH", "/audience/settings", _CAP).status == 200
        capped = self._uses(PEOPLE, lambda: self._sends(**_MARKETING), requests=2)
        assert len(self._stage.provider.calls) == 2 * PEOPLE
        return {
            "leads of a file": imported,
            "recipients, sent": sent,
            "recipients, delivered": _both(sent, delivered),
            "recipients, delivered and opened": _both(_both(sent, delivered), opened),
            "recipients with a frequency cap, delivered": _both(capped, delivered),
            "receipts, each in a request": delivered,
            "tenants in which nothing happens, a month": self._rests(),
        }

    def _uses(self, number: int, ask: Callable[[], None], *, requests: int) -> Counted:
        """Return what each of so many uses of requests, and of what follows from them."""
        answered, following = Counter({"requests": requests}), Counter[str]()
        with of_files(answered):
            # What a route takes beside its calls is that of one request.
            answered.update(of_function(self._deployed.memory[API], ask, messages=requests))
            answered["function calls"] += requests - 1
        with of_files(following):
            for used in self._steps():
                following.update(used)
        return Counted(shared_out(answered, number), shared_out(following, number))

    def _imports(self) -> None:
        people = [lead(number) for number in range(PEOPLE)]
        rows = [f"{each['external_id']},{each['emails'][0]},{each['name']}" for each in people]
        working.begun(self._ada, "\n".join(["external_id,email,name", *rows]))

    def _sends(self, **fields: Any) -> None:
        self._campaign_id = has_campaign(self._ada, segment_id=self._segment_id, **fields)
        assert puts(self._ada, self._campaign_id, "running").status == 200

    def _tell(self, status: str) -> None:
        for row in rows(self._campaign_id):
            told = {"campaign_id": self._campaign_id, "lead_id": row.lead_id, "status": status}
            assert self._post.tells(self._provider, self._secret, told).status == 202

    def _steps(self) -> Iterator[Usage]:
        """Do what follows, step by step, and yield what each uses."""
        while used := self._on_bus() or self._in_file() or self._received() or self._sent():
            yield used

    def _on_bus(self) -> Usage:
        """Bring events that nobody has heard yet, as many as the stream brings together."""
        happened = [each for each in stored() if each["event_id"] not in self._known][:BATCH]
        self._known |= {str(each["event_id"]) for each in happened}
        # Whoever does jobs hears of each; others than who imports the file have nothing to do.
        jobs = [events.stored(each) for each in happened if each["event_type"] == REQUESTED]
        others = [each for each in happened if each["event_type"] != REQUESTED]
        asked = consumed(self._deployed, IMPORTS, jobs) + Counter({"events": len(jobs)}) if jobs else Counter[str]()
        return asked + behind(self._deployed, others)

    def _in_file(self) -> Usage:
        """Bring the parts of a file that wait."""
        parts = [self._brought(IMPORTS, batch([each]), messages=PEOPLE) for each in working.waiting()]
        return sum(parts, Counter())

    def _received(self) -> Usage:
        """Bring receipts, as many as come together."""
        told, self._post.waiting = self._post.waiting[:BATCH], self._post.waiting[BATCH:]
        return self._brought(RECEIPTS, batch(told), messages=len(told)) if told else Counter()

    def _sent(self) -> Usage:
        """Bring a message to who sends, when it is due."""
        if not self._stage.waiting:
            return Counter()
        message = min(self._stage.waiting)
        self._stage.waiting.remove(message)
        before = len(self._stage.provider.calls)
        assert self._stage.time is not None
        self._stage.time.move_to(max(message.due, clock.now()) / clock.SECOND + 0.001)
        used = self._brought(SENDING if message.queue == CHUNKS else PREPARING, batch([message.body]), messages=1)
        calls = len(self._stage.provider.calls) - before
        memory_mb = self._deployed.memory[SENDING]
        seconds = (
            calls * (ASSUMED["processor_ms"] * max(1, WHOLE_PROCESSOR_MB / memory_mb) + ASSUMED["endpoint_ms"]) / 1000
        )
        used["GB s"] += seconds * memory_mb / 1024
        return used

    def _brought(self, handler: str, event: dict[str, Any], *, messages: int) -> Usage:
        """Bring messages from their queue; Lambda receives and deletes them together."""
        function = importlib.import_module(handler.rpartition(".")[0]).handler
        answers = list[Any]()
        used = of_function(
            self._deployed.memory[handler],
            lambda: answers.append(function(event, self._stage.context())),
            messages=messages,
        )
        assert answers == [{"batchItemFailures": []}]
        used["queue requests"] += 2
        return used

    def _rests(self) -> Counted:
        """Return what the sweeps of a month use for a tenant that has files; their runs are those of the stage."""
        rebuilding.rebuild(self._ada.tenant_id)
        assert self._stage.time is not None
        for _ in range(2):
            sweeping.run(lambda: True)
            self._stage.time.shift(DAY_SECONDS)
        used: Usage = Counter()
        with of_files(used), recording() as of_table:
            sweeping.run(lambda: True)
        pointer = pointers.find(self._ada.tenant_id)
        assert pointer is not None
        # A list names the files of many tenants.
        lists = len(pointer.shards) / NAMES_IN_A_LIST
        of_tenant = {name: of_table[name] - OF_THE_STAGE[name] for name in OF_THE_STAGE}
        spent = {**of_tenant, "file writes": lists}
        assert +used == Counter({"file writes": 1})
        return Counted(Counter(), Counter({name: DAYS * amount for name, amount in spent.items()}))


def _both(one: Counted, other: Counted) -> Counted:
    return Counted(one.answered + other.answered, one.behind + other.behind)
