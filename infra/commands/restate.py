"""Have the contexts say how their subjects are: `python -m infra.commands.restate STAGE [--tenant ID [--subject ID]]`.

For consumers that keep a fact for each subject and have lost some, or begin with none. It walks the list of all
tenants, or takes one, and puts an event `<context>.<noun>.stated` of everything that is in the lists of their contexts
on the bus, so many a second. Nothing is written of the subjects: nothing happened. Stopped, it goes on where it was if
the same is asked for within a day; `--anew` begins with the first. It takes the role of the stage that may do this and
nothing else.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from infra.commands import restatements, roles, typed, walks
from infra.commands.migrate import Pace
from infra.commands.roles import NotDeployed
from infra.commands.walks import Walk
from infra.stage.access import StageNotRunning
from shared import actors, correlation, ids
from shared.errors import Unavailable
from shared.messaging import bus
from shared.storage.attributes import Key
from shared.storage.events import Event

EVENTS_A_SECOND: Final = 100
REMEMBERED_EVERY = 1_000
"""After how many events the place in a tenant is written: so many come twice at most, and a page more."""
_ALL: Final = "all"
_WAITS_SECONDS: Final = (1, 5, 15)
"""How long it waits before it offers the bus once more what it did not take."""


@dataclass
class Done:
    """How many tenants were walked, and how many events were put on the bus."""

    tenants: int = 0
    events: int = 0


@dataclass
class Way:
    """The way onto the bus, at a pace."""

    pace: Pace
    wait: Callable[[float], None]

    def put(self, happened: Sequence[Event]) -> None:
        """Put events on the bus, a call after the other. Raises Unavailable."""
        for start in range(0, len(happened), bus.MAX_ENTRIES):
            batch = happened[start : start + bus.MAX_ENTRIES]
            self._put(batch)
            self.wait(self.pace.pause(len(batch), time.monotonic()))

    def _put(self, batch: Sequence[Event]) -> None:
        batch = batch[bus.put(batch) :]
        for seconds in _WAITS_SECONDS:
            if not batch:
                return
            self.wait(seconds)
            batch = batch[bus.put(batch) :]
        if batch:
            raise Unavailable("The event bus takes no more at present.")


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when not everything that was asked for was said."""
    asked = _parsed(arguments)
    try:
        roles.enter(asked.stage, "RestateRoleArn")
        os.environ["EVENT_BUS_NAME"] = f"milepost-{asked.stage}"
        return _restated(asked)
    except (StageNotRunning, NotDeployed) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    except Unavailable as failure:
        sys.stderr.write(f"{failure} Run it again: it goes on where it was.\n")
        return 1


def run(walk: Walk, context: str | None, way: Way) -> Done:
    """Walk the tenants that are left, and return what was done. Raises Unavailable."""
    done, unremembered = Done(), 0
    for tenant_id in walk.tenants():
        done.tenants += 1
        for place, found in restatements.pages(tenant_id, context, walk.within(tenant_id)):
            if unremembered >= REMEMBERED_EVERY:
                walk.keep(place)
                unremembered = 0
            way.put(found)
            done.events += len(found)
            unremembered += len(found)
            _next_trace()
    return done


def walk(tenant_id: str | None, context: str | None, *, anew: bool) -> Walk:
    """Return the walk over one tenant, or over all; whoever asks for something else has another place."""
    key = Key("TABLE", f"RESTATE#{context or _ALL}#{tenant_id or _ALL}")
    return Walk(key, "Restatement", walks.FIRST if anew else walks.stopped_at(key), only=tenant_id)


@contextmanager
def asked_by_operator() -> Iterator[str]:
    """Let what is done within belong to a request of an operator, whose id is returned."""
    request_id = ids.new("restate")
    token = correlation.enter(correlation.new(request_id))
    try:
        with actors.acting(actors.OPERATOR):
            yield request_id
    finally:
        correlation.leave(token)


def _next_trace() -> None:
    """Let what comes next be another trace of the same request: none holds a million events."""
    known = correlation.known()
    if known is not None:
        correlation.enter(correlation.new(known.request_id))


def _restated(asked: argparse.Namespace) -> int:
    """Do what is asked, say what was done, and return the exit code. Raises Unavailable."""
    way = Way(Pace(max(1, asked.events)), time.sleep)
    with asked_by_operator() as request_id:
        if asked.subject is not None:
            event = restatements.of_subject(asked.tenant, asked.subject)
            if event is None:
                sys.stderr.write(f"The tenant has no {asked.subject}.\n")
                return 1
            way.put([event])
            sys.stdout.write(f"{asked.stage}: {event.event_type} {json.dumps(event.state)}, request {request_id}\n")
            return 0
        tenants = walk(asked.tenant, asked.context, anew=asked.anew)
        sys.stdout.write(f"{asked.stage}: request {request_id} {tenants.told()}\n")
        sys.stdout.flush()
        done = run(tenants, asked.context, way)
        sys.stdout.write(f"{asked.stage}: {done.tenants} tenants, {done.events} subjects restated\n")
    return 0


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.restate", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("--context", choices=restatements.CONTEXTS, help="what this context has, instead of all")
    parser.add_argument("--tenant", type=typed.tenant_id, help="what this tenant has, instead of all")
    parser.add_argument("--subject", help="one goal, milestone, member, service (by its user) or endpoint of --tenant")
    parser.add_argument("--anew", action="store_true", help="begin with the first, wherever a run has stopped")
    parser.add_argument(
        "--events", type=int, default=EVENTS_A_SECOND, help="events a second at most (default %(default)s)"
    )
    asked = parser.parse_args(arguments)
    if asked.subject is not None and (asked.tenant is None or asked.context is not None):
        parser.error("Give --subject with --tenant, and without --context.")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
