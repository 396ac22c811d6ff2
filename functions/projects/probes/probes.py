"""The probes of a milestone: their record, their keys, and their runs.

All probes of a milestone lie beside it in one item, which whoever looks at the milestone reads in the same call; each
change of one is under the version of that item. The last run of a probe that waits for an answer lies in it as well.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.projects.layers.outsiders import Outsider
from functions.projects.probes import schedule as schedules
from shared import clock, ids
from shared.clock import DAY, Instant
from shared.errors import Conflict, NotFound
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, unchanged

Status = Literal["active", "paused"]
Channel = Literal["worklist", "email"]
State = Literal["on_track", "at_risk", "blocked", "done"]
Trouble = Literal["bounced", "complained"]
Outcome = Literal["open", "answered", "missed", "ended"]

ID: Final = "prb"
RUN_ID: Final = "pru"
RUNS: Final = "PROBERUN#"
MOST: Final = 5
"""How many probes a milestone may have: they lie in one item."""
SILENT_AFTER: Final = 2
"""A probe that was not answered so many times in a row is silent."""
REMINDED_AFTER: Final = DAY


class ProbeNotFound(NotFound):
    """404: there is no probe with this id in a project that you are a member of."""

    def __init__(self) -> None:
        super().__init__("There is no probe with this id in a project that you are a member of.")


class TooManyProbes(Conflict):
    """409: a milestone has five probes at most."""

    def __init__(self) -> None:
        super().__init__(f"A milestone has {MOST} probes at most. Change or delete one of them.")


class Probe(NamedTuple):
    """A probe as it is stored.

    `next_at` is when it asks next, None while it is paused. With a `run_id` it waits for the answer of `asked_id` since
    `asked_at`, and reminds them at `remind_at`. `misses` is how many runs in a row nobody has answered.
    `outside` is who is asked instead of the primary owner: somebody without an account, by mail alone.
    `call` is the address that is called instead of asking anybody (`calls.py`), `called_at` when that was last begun.
    `mail_trouble` is what SES has said of the mail with the question that it waits for.
    """

    probe_id: str
    question: str
    schedule: Mapping[str, Any]
    time_zone: str
    created_by: str
    created_at: str
    updated_at: str
    version: int
    status: Status = "active"
    next_at: str | None = None
    run_id: str | None = None
    asked_id: str | None = None
    asked_at: str | None = None
    remind_at: str | None = None
    misses: int = 0
    channels: Sequence[Channel] = ("worklist",)
    outside: Mapping[str, str] | None = None
    call: Mapping[str, Any] | None = None
    called_at: str | None = None
    mail_trouble: Trouble | None = None

    @property
    def outsider(self) -> Outsider | None:
        """Who from outside is asked, None if the primary owner is."""
        return None if self.outside is None else Outsider(**self.outside)

    @property
    def kind(self) -> Literal["question", "api"]:
        """What it does: it asks people, or calls an address."""
        return "question" if self.call is None else "api"

    @property
    def is_mailed(self) -> bool:
        """Whether what it asks is mailed."""
        return self.outside is not None or "email" in self.channels

    @property
    def is_silent(self) -> bool:
        """Whether it was not answered too often."""
        return self.misses >= SILENT_AFTER

    def follows(self, since: Instant) -> str:
        """Return when it asks next after an instant."""
        begun = clock.from_stored(self.created_at)
        return clock.to_rfc3339(schedules.next_after(self.schedule, self.time_zone, begun, since))


class Probes(NamedTuple):
    """All probes of a milestone, as plain values; version 0 if there never was one."""

    version: int = 0
    every: Sequence[Mapping[str, Any]] = ()

    @property
    def probes(self) -> list[Probe]:
        """The probes, in the order in which they were created."""
        return [Probe(**each) for each in self.every]

    def find(self, probe_id: str) -> Probe:
        """Return one of them. Raises ProbeNotFound."""
        found = next((each for each in self.probes if each.probe_id == probe_id), None)
        if found is None:
            raise ProbeNotFound
        return found


class Run(NamedTuple):
    """What became of asking once; `called` is what an address has said, where one was called (`calls.Called`)."""

    run_id: str
    probe_id: str
    asked_id: str
    asked_at: str
    outcome: Outcome = "open"
    state: State | None = None
    progress: int | None = None
    comment: str | None = None
    answered_by: str | None = None
    ended_at: str | None = None
    called: Mapping[str, Any] | None = None


class Pointer(NamedTuple):
    """Of which milestone a probe is."""

    project_milestone_id: str


def key(partition: str) -> Key:
    """Return the key of the probes of the milestone with this partition."""
    return Key(partition, "0PROBES")


def run_key(partition: str, probe_id: str, run_id: str) -> Key:
    """Return the key of a run."""
    return Key(partition, f"{RUNS}{probe_id}#{run_id}")


def pointer_key(tenant_id: str, probe_id: str) -> Key:
    """Return the key of what says where a probe lies. Raises ProbeNotFound for an id that none can have."""
    if not ids.is_valid(probe_id, ID):
        raise ProbeNotFound
    return Key(f"TENANT#{tenant_id}#ID#{probe_id}", "POINTER")


def of(item: Item | None) -> Probes:
    """Return the probes that an item holds."""
    return Probes() if item is None else records.from_item(Probes, item)


def pointing(tenant_id: str, probe_id: str, milestone_id: str) -> Put:
    """Return the write of the pointer of a new probe."""
    return Put(records.to_item(pointer_key(tenant_id, probe_id), "ProbePointer", Pointer(milestone_id)), ABSENT)


def unpointed(tenant_id: str, probe_id: str) -> Delete:
    """Return the write after which nothing points to a probe."""
    return Delete(pointer_key(tenant_id, probe_id))


def with_one(partition: str, before: Probes, probe: Probe) -> Put:
    """Return the write by which a probe is as given, a new one or one of before."""
    known = [each.probe_id for each in before.probes]
    if probe.probe_id not in known:
        return _put(partition, before, [*before.probes, probe])
    return _put(partition, before, [probe if each.probe_id == probe.probe_id else each for each in before.probes])


def without(partition: str, before: Probes, probe_id: str) -> Put:
    """Return the write by which a probe is gone."""
    return _put(partition, before, [each for each in before.probes if each.probe_id != probe_id])


def ran(partition: str, run: Run) -> Put:
    """Return the write of a run; the version of the probes guards it."""
    return Put(records.to_item(run_key(partition, run.probe_id, run.run_id), "ProbeRun", run))


def run_of(probe: Probe, **more: Any) -> Run | None:
    """Return the run that a probe waits for, as it becomes; None if it waits for none."""
    if probe.run_id is None or probe.asked_id is None or probe.asked_at is None:
        return None
    return Run(probe.run_id, probe.probe_id, probe.asked_id, probe.asked_at, **more)


def waiting_no_more(probe: Probe) -> Probe:
    """Return a probe that waits for no answer."""
    return probe._replace(run_id=None, asked_id=None, asked_at=None, remind_at=None, mail_trouble=None)


def _put(partition: str, before: Probes, probes: Sequence[Probe]) -> Put:
    plain = [{name: value for name, value in each._asdict().items() if value is not None} for each in probes]
    after = Probes(before.version + 1, plain)
    condition = unchanged(before.version) if before.version else ABSENT
    return Put(records.to_item(key(partition), "Probes", after), condition)
