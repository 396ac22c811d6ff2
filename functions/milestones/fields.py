"""Tracked milestones over GraphQL: every field of `schema.graphql`, on the functions that REST calls too."""

import json
from typing import Any

from functions.milestones import dependencies, lifecycle, reading, views
from functions.milestones.projects import reading as projects_reading
from functions.milestones.resolver import ADMIN, READ, WRITE, partition
from functions.milestones.views import View
from shared.api.graphql import Fields, connection, limit_of
from shared.errors import InvalidInput
from shared.storage.idempotency import Claim

graphql = Fields(verbatim=frozenset({"metadata"}))


def _claim() -> Claim | None:
    return graphql.claim(partition(graphql.caller))


def _if_match(expected_version: int | None) -> str | None:
    return None if expected_version is None else f'"{expected_version}"'


def _shown(view: View) -> View:
    """Return a milestone as AppSync wants it: AWSJSON is a text."""
    return {**view, "metadata": json.dumps(view["metadata"], ensure_ascii=False)}


def _parsed(sent: dict[str, Any]) -> dict[str, Any]:
    """Return an input with its AWSJSON as a value. Raises InvalidInput when it is no JSON."""
    metadata = sent.get("metadata")
    if not isinstance(metadata, str):
        return sent
    try:
        return {**sent, "metadata": json.loads(metadata)}
    except (ValueError, RecursionError) as error:
        raise InvalidInput.of("metadata", "is not valid JSON") from error


@graphql.field("Query", "trackedMilestone", scope=READ)
def tracked_milestone(milestone_uid: str) -> View:
    """Resolve one milestone."""
    return _shown(reading.milestone(graphql.caller, milestone_uid))


@graphql.field("Query", "trackedMilestones", scope=READ)
def tracked_milestones(
    project_id: str | None = None,
    status: str | None = None,
    kpi_id: str | None = None,
    limit: int | None = None,
    next_token: str | None = None,
) -> View:
    """Resolve a page of the milestones of the caller's tenant."""
    found, cursor = reading.page(
        graphql.caller,
        project_id=project_id,
        status=status,
        kpi_id=kpi_id,
        limit=limit_of(limit),
        cursor=next_token,
    )
    return connection(([_shown(each) for each in found], cursor))


@graphql.field("Query", "projectProgress", scope=READ)
def project_progress(project_id: str) -> View:
    """Resolve how far a project is."""
    return projects_reading.project_progress(graphql.caller, project_id)


@graphql.field("Query", "projectChart", scope=READ)
def project_chart(project_id: str) -> View:
    """Resolve how a project stood, day by day."""
    # Imported here because no other field has to wait for it on a cold start.
    from functions.milestones.projects import charts as project_charts  # noqa: PLC0415

    return project_charts.read(graphql.caller, project_id)


@graphql.field("Query", "projectForecast", scope=READ)
def project_forecast(project_id: str) -> View:
    """Resolve when a project will be done."""
    # Imported here because no other field has to wait for it on a cold start.
    from functions.milestones.projects import charts as project_charts  # noqa: PLC0415

    return project_charts.read_forecast(graphql.caller, project_id)


@graphql.field("Mutation", "createTrackedMilestone", scope=WRITE)
def create_tracked_milestone(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Create a milestone."""
    from functions.milestones import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    draft = shapes.MilestoneDraft.model_validate(_parsed(_without_nulls(input)))
    return lifecycle.create(graphql.caller, draft, claim=_claim()).answer


@graphql.field("Mutation", "updateTrackedMilestone", scope=WRITE)
def update_tracked_milestone(milestone_uid: str, target: float, expected_version: int | None = None) -> View:
    """Give a milestone another target."""
    from functions.milestones import shapes  # noqa: PLC0415 - as above

    sent = shapes.MilestonePatch.model_validate({"target": target})
    return lifecycle.retarget(graphql.caller, milestone_uid, sent.target, if_match=_if_match(expected_version))


@graphql.field("Mutation", "deleteTrackedMilestone", scope=WRITE)
def delete_tracked_milestone(
    milestone_uid: str,
    delete_from_forse: bool | None = None,  # noqa: FBT001 - an argument of the schema
    expected_version: int | None = None,
) -> View:
    """Delete a milestone."""
    is_wanted = delete_from_forse is not False
    match = _if_match(expected_version)
    return lifecycle.delete(graphql.caller, milestone_uid, from_evaluator=is_wanted, if_match=match)


@graphql.field("Mutation", "syncTrackedMilestone", scope=ADMIN)
def sync_tracked_milestone(milestone_uid: str) -> View:
    """Bring a milestone in step again."""
    return _shown(views.milestone(lifecycle.resume(graphql.caller, milestone_uid, claim=_claim())))


@graphql.field("Mutation", "addMilestoneDependency", scope=WRITE)
def add_milestone_dependency(milestone_uid: str, depends_on: str) -> View:
    """Let a milestone depend on another."""
    dependencies.add(graphql.caller, milestone_uid, depends_on, claim=_claim())
    return _shown(reading.milestone(graphql.caller, milestone_uid, consistent=True))


@graphql.field("Mutation", "removeMilestoneDependency", scope=WRITE)
def remove_milestone_dependency(milestone_uid: str, depends_on: str) -> View:
    """Let a milestone not depend on another any more."""
    dependencies.remove(graphql.caller, milestone_uid, depends_on)
    return _shown(reading.milestone(graphql.caller, milestone_uid, consistent=True))


def _without_nulls(sent: dict[str, Any]) -> dict[str, Any]:
    """Return an input without what is null: an optional argument of GraphQL that is not given may be sent so."""
    return {name: value for name, value in sent.items() if value is not None}
