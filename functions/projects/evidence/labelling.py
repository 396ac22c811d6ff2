"""How the tags of evidence are changed. Layers do not see them, so this is possible at any time."""

from collections.abc import Sequence

from functions.projects.evidence import evidence, opening, writing
from functions.projects.evidence.evidence import View
from shared import clock
from shared.callers.caller import Caller
from shared.storage import changes, versions
from shared.storage.changes import Plan


def label(caller: Caller, evidence_id: str, tags: Sequence[str], *, if_match: str | None) -> View:
    """Give evidence these tags in place of those it has, and return it.

    Raises EvidenceNotFound, RoleRequired, versions.VersionChanged.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.piece(caller, evidence_id)
        before = opened.piece
        versions.require(if_match, before.version)
        opened.require_author()
        after = before._replace(tags=[*tags], updated_at=clock.to_rfc3339(now), version=before.version + 1)
        told = writing.told("updated", opened.place.within.milestone, after, now)
        return Plan(evidence.view(after), [evidence.changed(before, after), *told])

    return changes.make(plan)
