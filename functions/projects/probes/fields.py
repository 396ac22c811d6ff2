"""Probes over GraphQL, on the functions that REST calls too."""

import json
from typing import Any

from functions.projects.graphql import View, claim, graphql, if_match, without_nulls
from functions.projects.probes import answering, lifecycle
from functions.projects.resolver import READ, WRITE
from shared.api.graphql import connection, limit_of
from shared.errors import InvalidInput

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "probes", scope=READ)
def probes(project_milestone_id: str) -> list[View]:
    """Resolve the probes of a milestone."""
    return [_shown(each) for each in lifecycle.listed(graphql.caller, project_milestone_id)]


@graphql.field("Query", "probe", scope=READ)
def probe(probe_id: str) -> View:
    """Resolve a probe."""
    return _shown(lifecycle.show(graphql.caller, probe_id))


@graphql.field("Query", "probeRuns", scope=READ)
def probe_runs(probe_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the runs of a probe."""
    return connection(lifecycle.runs(graphql.caller, probe_id, limit=limit_of(limit), cursor=next_token))


@graphql.field("Mutation", "createProbe", scope=WRITE)
def create_probe(input: dict[str, Any]) -> View:  # noqa: A002 - the name clients expect
    """Create a probe of a milestone."""
    from functions.projects.probes import shapes  # noqa: PLC0415

    draft = shapes.ProbeDraft.model_validate(_sent(input))
    return _shown(lifecycle.create(graphql.caller, draft.project_milestone_id, draft.fields(), claim=claim()))


@graphql.field("Mutation", "updateProbe", scope=WRITE)
def update_probe(probe_id: str, input: dict[str, Any], expected_version: int | None = None) -> View:  # noqa: A002
    """Change fields of a probe."""
    from functions.projects.probes import shapes  # noqa: PLC0415

    # What is null clears `outside`; what is absent leaves it.
    cleared = {name: None for name in ("outside",) if name in input and input[name] is None}
    fields = shapes.ProbePatch.model_validate(_sent(input) | cleared).fields()
    return _shown(lifecycle.change(graphql.caller, probe_id, fields, if_match=if_match(expected_version)))


@graphql.field("Mutation", "deleteProbe", scope=WRITE)
def delete_probe(probe_id: str, expected_version: int | None = None) -> str:
    """Delete a probe."""
    lifecycle.delete(graphql.caller, probe_id, if_match=if_match(expected_version))
    return probe_id


@graphql.field("Mutation", "runProbe", scope=WRITE)
def run_probe(probe_id: str, expected_version: int | None = None) -> View:
    """Let a probe ask now."""
    return _shown(lifecycle.run(graphql.caller, probe_id, if_match=if_match(expected_version), claim=claim()))


@graphql.field("Mutation", "pauseProbe", scope=WRITE)
def pause_probe(probe_id: str, expected_version: int | None = None) -> View:
    """Let a probe ask no more until it is resumed."""
    return _shown(lifecycle.pause(graphql.caller, probe_id, if_match=if_match(expected_version), claim=claim()))


@graphql.field("Mutation", "resumeProbe", scope=WRITE)
def resume_probe(probe_id: str, expected_version: int | None = None) -> View:
    """Let a paused probe ask again."""
    return _shown(lifecycle.resume(graphql.caller, probe_id, if_match=if_match(expected_version), claim=claim()))


@graphql.field("Mutation", "answerProbe", scope=WRITE)
def answer_probe(probe_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as above
    """Answer a probe."""
    from functions.projects.probes import shapes  # noqa: PLC0415

    sent = shapes.ProbeAnswerSent.model_validate(without_nulls(input)).sent()
    return _shown(answering.answer(graphql.caller, probe_id, sent, claim=claim()))


def _sent(sent: dict[str, Any]) -> dict[str, Any]:
    present = without_nulls(sent)
    if "schedule" in present:
        present["schedule"] = without_nulls(present["schedule"])
    if "call" in present:
        present["call"] = _call_sent(present["call"])
    return present


def _call_sent(sent: dict[str, Any]) -> dict[str, Any]:
    """Return a call as REST takes it: what is expected comes as JSON, for texts and numbers alike."""
    call = without_nulls(sent)
    if "secret" in call:
        call["secret"] = without_nulls(call["secret"])
    try:
        return call | {"expected": json.loads(call["expected"])}
    except (ValueError, RecursionError) as error:
        raise InvalidInput.of("call.expected", "must be JSON, such as a text in quotes") from error


def _shown(view: View) -> View:
    """Return a probe as the schema has it: what its call expects as JSON."""
    call = view["call"]
    return view if call is None else view | {"call": call | {"expected": json.dumps(call["expected"])}}
