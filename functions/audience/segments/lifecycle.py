"""How segments are created, replaced and deleted."""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.segments import forms, graph, segments
from functions.audience.segments.graph import Graph
from functions.audience.segments.rules import rule as rules
from functions.audience.segments.rules.form import Warned
from functions.audience.segments.rules.refusals import RuleRefused
from functions.audience.segments.rules.rule import Rule
from functions.audience.segments.segments import Segment, View
from shared import clock, ids
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

MAX_BYTES: Final = 48 * 1024
"""What a rule may have as JSON: a page of a hundred segments fits into an answer of Lambda, which may have 6 MB."""


class _OtherSegments(Conflict):
    """409: other segments stand against a change; `segment_ids` says which."""

    def __init__(self, detail: str, segment_ids: Sequence[str]) -> None:
        super().__init__(detail)
        self.segment_ids = segment_ids

    @property
    def members(self) -> Mapping[str, Any]:
        """Which segments they are."""
        return {"segment_ids": [*self.segment_ids]}


class SegmentInUse(_OtherSegments):
    """409: other segments name this one, or campaigns that are not over use it; the ids say which."""

    def __init__(self, users: Sequence[str]) -> None:
        named = [each for each in users if ids.is_valid(each, segments.ID)]
        super().__init__("Other segments or campaigns use this one. Change or end them first.", named)
        self.campaign_ids = [each for each in users if each not in named]

    @property
    def members(self) -> Mapping[str, Any]:
        """Which segments and campaigns they are."""
        return {**super().members, "campaign_ids": self.campaign_ids}


class SegmentsChanged(Conflict):
    """409: a segment that this one would contain was changed at the same time, and would now contain this one."""

    def __init__(self) -> None:
        super().__init__("Another segment was changed at the same time, and would now contain this one. Read it again.")


class SegmentOutgrown(_OtherSegments):
    """409: a segment that names this one would become too large or too deep; `segment_ids` says which."""

    def __init__(self, segment_id: str, refusal: RuleRefused) -> None:
        said = f"A segment that names this one would no longer be valid. {refusal.fault} at {refusal.path}."
        super().__init__(said, [segment_id])


class Draft(NamedTuple):
    """A segment as it was sent."""

    name: str
    rule: Rule

    @property
    def rule_ast(self) -> str:
        """The tree as it is stored. Raises RuleRefused for one that is too long."""
        text = json.dumps(self.rule.tree, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) > MAX_BYTES:
            raise RuleRefused("AST_TOO_LARGE", "$", f"a rule may have {MAX_BYTES // 1024} KB of JSON")
        return text


def create(caller: Caller, draft: Draft, *, claim: Claim | None = None) -> Answer:
    """Create a segment and return it with the warnings of its rule. Raises RuleRefused, SegmentsChanged."""
    now = clock.now()
    segment_id, moment = ids.new(segments.ID, at=now), clock.to_rfc3339(now)

    def plan() -> Plan[View]:
        named = rules.segments_named(draft.rule.tree)
        known = graph.read(caller.tenant_id) if named else Graph(0)
        form = forms.of(caller.tenant_id, draft.rule, now=now, segment_id=segment_id, known=known)
        segment = Segment(
            tenant_id=caller.tenant_id,
            segment_id=segment_id,
            name=draft.name,
            rule_ast=draft.rule_ast,
            created_by=caller.user_id,
            created_at=moment,
            updated_at=moment,
            version=1,
            time_zone=draft.rule.time_zone,
        )
        writes = [Put(segments.to_item(segment), ABSENT), segments.happened("created", segment, now)]
        if named:
            writes.append(graph.changed(caller.tenant_id, known, segment_id, named))
        return Plan(_written(segment, form.warnings), writes)

    return changes.make(_racing(plan), claim=claim)


def replace(caller: Caller, segment_id: str, draft: Draft, *, if_match: str | None) -> View:
    """Replace a segment and return it with the warnings of its rule.

    Raises SegmentNotFound, versions.VersionChanged, RuleRefused, SegmentsChanged, SegmentOutgrown.
    """
    now = clock.now()

    def plan() -> Plan[View]:
        known = graph.read(caller.tenant_id)
        before = segments.get(caller.tenant_id, segment_id)
        versions.require(if_match, before.version)
        form = forms.of(caller.tenant_id, draft.rule, now=now, segment_id=segment_id, known=known)
        _require_users_valid(caller.tenant_id, segment_id, draft.rule, known, now)
        after = before._replace(
            name=draft.name,
            rule_ast=draft.rule_ast,
            time_zone=draft.rule.time_zone,
            updated_at=clock.to_rfc3339(now),
            version=before.version + 1,
        )
        writes = [
            Put(segments.to_item(after), unchanged(before.version)),
            segments.happened("updated", after, now),
            graph.changed(caller.tenant_id, known, segment_id, rules.segments_named(draft.rule.tree)),
        ]
        return Plan(_written(after, form.warnings), writes)

    return changes.make(_racing(plan))


def delete(caller: Caller, segment_id: str, *, if_match: str | None) -> None:
    """Delete a segment. Raises SegmentNotFound, SegmentInUse, versions.VersionChanged."""
    now = clock.now()

    def plan() -> Plan[None]:
        known = graph.read(caller.tenant_id)
        before = segments.get(caller.tenant_id, segment_id)
        versions.require(if_match, before.version)
        users = known.users(segment_id)
        if users:
            raise SegmentInUse(users)
        writes: list[Write] = [
            Delete(segments.key(caller.tenant_id, segment_id), unchanged(before.version)),
            segments.happened("deleted", before._replace(version=before.version + 1), now),
            graph.changed(caller.tenant_id, known, segment_id, ()),
        ]
        return Plan(None, writes)

    changes.make(plan)


def _require_users_valid(tenant_id: str, segment_id: str, rule: Rule, known: Graph, now: Instant) -> None:
    """Return when all segments that name this one are valid with its new rule. Raises SegmentOutgrown."""
    for user in segments.several(tenant_id, known.above(segment_id)).values():
        try:
            forms.of(
                tenant_id,
                user.rule,
                now=now,
                segment_id=user.segment_id,
                known=known,
                instead={segment_id: rule},
            )
        except RuleRefused as refusal:
            raise SegmentOutgrown(user.segment_id, refusal) from refusal


def _racing(plan: Callable[[], Plan[View]]) -> Callable[[], Plan[View]]:
    """Return a plan that, when made again because somebody was faster, says of a circle that it was they who closed it.

    Two segments that are changed at once so that each would contain the other are both valid on their own.
    """
    tries = itertools.count()

    def again() -> Plan[View]:
        is_first = next(tries) == 0
        try:
            return plan()
        except RuleRefused as refusal:
            if is_first or refusal.fault != "SEGMENT_CYCLE":
                raise
            raise SegmentsChanged from refusal

    return again


def _written(segment: Segment, warnings: Sequence[Warned]) -> dict[str, Any]:
    return {**segments.view(segment), "warnings": [each._asdict() for each in warnings]}
