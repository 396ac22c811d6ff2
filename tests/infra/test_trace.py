"""What `make trace` finds of a request in the log groups and in the table of a stage, and what it says of nothing.

That it finds a whole one is held by tests/e2e/test_requests.py, on the deployed stage.
"""

import json
import re
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from functions.identity.audit import log
from functions.webhooks import deliveries, endpoints
from functions.webhooks.deliveries import Attempt
from functions.webhooks.endpoints import Endpoint
from infra.commands import trace, traced_lines, traced_records
from infra.commands.traced_lines import Trace
from infra.stage.log_search import Line, NotSearched
from shared import clock, correlation, ids
from shared.correlation import Correlation
from shared.storage import events, table

REQUEST = Correlation("Hs7dXhQ4/joEEMbg=", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
GROUP = "milepost-dev-goals-FunctionsGoalsApiLogE20FE0DB-x1"
NOON = clock.from_rfc3339("2026-11-20T12:00:00.000Z")
SAID = {"message": "request", "service": "goals", "status": 200, "request_id": REQUEST.request_id}
TENANT = ids.new("tenant", at=NOON)


@pytest.fixture
def logs() -> Any:
    return boto3.client("logs", region_name="eu-west-1")


def groups(*names: str) -> dict[str, Any]:
    return {"logGroups": [{"logGroupName": name} for name in names]}


def said(**fields: Any) -> str:
    return json.dumps({**SAID, **fields})


def answered(status: str, *messages: str) -> dict[str, Any]:
    rows = [
        [
            {"field": "@timestamp", "value": "2026-11-20 12:00:00.500"},
            {"field": "@log", "value": f"123456789012:{GROUP}"},
            {"field": "@message", "value": f"{message}\n"},
        ]
        for message in messages
    ]
    return {"status": status, "results": rows}


def asked(*names: str) -> dict[str, Any]:
    return {
        "logGroupNames": list(names),
        "startTime": NOON // clock.SECOND - 3600,
        "endTime": NOON // clock.SECOND + 1,
        "queryString": traced_lines.query_of(REQUEST.request_id),
    }


def find(logs: Any) -> list[Line]:
    hour = 3600 * clock.SECOND
    return traced_lines.find(logs, "dev", REQUEST.request_id, since=NOON - hour, until=NOON)


def test_the_log_groups_of_the_stage_are_asked_and_no_others(logs: Any) -> None:
    theirs = (
        "milepost-dev-2-goals-FunctionsGoalsApiLogE20FE0DB-x1",
        "old-milepost-dev-goals-Log",
        "milepost-dev-more-Log",
    )
    on_ministack = "/aws/cloudformation/milepost-dev-stateless/ApiAccessLog713001CC"
    with Stubber(logs) as stub:
        stub.add_response(
            "describe_log_groups", groups(GROUP, *theirs, on_ministack), {"logGroupNamePattern": "milepost-dev-"}
        )
        stub.add_response("start_query", {"queryId": "query"}, asked(GROUP, on_ministack))
        stub.add_response(
            "get_query_results",
            answered("Complete", said(timestamp="2026-11-20T12:00:00.250Z"), said(message="event")),
            {"queryId": "query"},
        )
        found = find(logs)

    assert [traced_lines.trace(line) for line in found] == [
        # A line that says itself when it was written knows it better than the log.
        Trace("2026-11-20T12:00:00.250Z", "goals", "request", "status=200"),
        Trace("2026-11-20T12:00:00.500Z", "goals", "event", "status=200"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        # The path is what the caller wrote.
        json.dumps({"request_id": "theirs=", "route": "$default", "path": f"/api/v1/{REQUEST.request_id}"}),
        json.dumps({"request_id": f"{REQUEST.request_id}2", "message": "request"}),
        json.dumps({"message": REQUEST.request_id}),
        json.dumps([REQUEST.request_id]),
        f"no JSON, request_id={REQUEST.request_id}",
    ],
)
def test_a_line_of_another_request_that_has_the_id_in_its_text_is_left_out(logs: Any, line: str) -> None:
    with Stubber(logs) as stub:
        stub.add_response("describe_log_groups", groups(GROUP))
        stub.add_response("start_query", {"queryId": "query"})
        stub.add_response("get_query_results", answered("Complete", line, said()))
        found = find(logs)

    assert [each.fields for each in found] == [json.loads(said())]


def test_a_query_takes_50_log_groups(logs: Any) -> None:
    names = [f"milepost-dev-goals-Log{number}" for number in range(51)]
    with Stubber(logs) as stub:
        stub.add_response("describe_log_groups", groups(*names))
        for part in (names[:50], names[50:]):
            stub.add_response("start_query", {"queryId": part[0]}, asked(*part))
            stub.add_response("get_query_results", answered("Complete", said(function=part[0])), {"queryId": part[0]})
        found = find(logs)

    assert [line.fields["function"] for line in found] == [names[0], names[50]]


def test_the_id_is_looked_for_as_it_is() -> None:
    (pattern,) = re.findall(r"like /(.*)/\n", traced_lines.query_of("a+b/c=(d)"))

    assert re.fullmatch(pattern, "a+b/c=(d)")
    assert "/" not in pattern.replace(r"\/", "")


@pytest.mark.parametrize("status", ["Failed", "Cancelled", "Timeout"])
def test_a_search_that_ends_early_is_no_answer(logs: Any, status: str) -> None:
    with Stubber(logs) as stub:
        stub.add_response("describe_log_groups", groups(GROUP))
        stub.add_response("start_query", {"queryId": "query"})
        stub.add_response("get_query_results", answered(status))

        with pytest.raises(NotSearched, match=status):
            find(logs)


def test_a_stage_without_log_groups_is_not_deployed(logs: Any) -> None:
    with Stubber(logs) as stub:
        stub.add_response("describe_log_groups", groups())

        with pytest.raises(NotSearched, match="Deploy it first"):
            find(logs)


@pytest.mark.parametrize("request_id", ["", "two words", "a" * 129])
def test_what_is_no_request_id_is_refused(request_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert trace.main(["dev", request_id]) == 2
    assert "X-Request-Id" in capsys.readouterr().err


def test_the_table_is_in_the_order_of_time() -> None:
    rows = [
        Trace("2026-11-20T12:00:00.500Z", "outbox", "event", "b"),
        Trace("2026-11-20T12:00:00.250Z", "goals", "request", ""),
    ]

    assert list(trace.table_of(rows)) == [
        "time                      where   what",
        "2026-11-20T12:00:00.250Z  goals   request",
        "2026-11-20T12:00:00.500Z  outbox  event    b",
    ]


@pytest.mark.usefixtures("aws")
def test_what_the_table_holds_of_the_request_is_found_by_its_lines() -> None:
    endpoint = Endpoint(TENANT, ids.new("endpoint"), "https://a.example", "", [], False, None, [], "user_1", "", "", 1)
    token = correlation.enter(REQUEST)
    ours = of_tenant(
        "notifications.delivery.requested",
        {"endpoint_id": "endpoint_1", "event_id": ids.new("evt", at=NOON), "by": "user_1"},
    )
    correlation.leave(token)
    theirs = of_tenant("identity.user.signed_out", {"user_id": "user_1"})
    made = deliveries.new(endpoint, ours, at=NOON, look_at=NOON)
    attempt = Attempt(1, "2026-11-20T12:00:02.000Z", 7, 204, None, "")
    table.put_many([endpoints.to_item(endpoint)])
    table.transact([deliveries.made(made), deliveries.attempted(made, attempt, at=NOON)])
    log.append(TENANT, [ours, theirs])

    about = f"endpoint_id={endpoint.endpoint_id} event_id={ours.event_id}"
    found = traced_records.find(REQUEST.request_id, [line_of(TENANT), line_of("tenant_1"), line_of("nobody")])
    assert list(found) == [
        Trace("2026-11-20T12:00:00.000Z", "table", ours.event_type, f"event_id={ours.event_id} subject={TENANT}"),
        Trace("2026-11-20T12:00:00.000Z", "table", "delivery", f"{about} status=waiting"),
        Trace("2026-11-20T12:00:02.000Z", "table", "attempt", f"{about} number=1 status=204"),
        Trace("2026-11-20T12:00:00.000Z", "audit log", ours.event_type, "sequence=1"),
    ]


def test_without_lines_nothing_is_read() -> None:
    assert list(traced_records.find(REQUEST.request_id, [])) == []


def line_of(tenant_id: str) -> Line:
    return Line("2026-11-20T12:00:00.250Z", GROUP, {"tenant_id": tenant_id})


def of_tenant(event_type: str, data: dict[str, Any]) -> events.Event:
    write = events.occurred(
        event_type, partition=f"TENANT#{TENANT}", subject_id=TENANT, tenant_id=TENANT, at=NOON, data=data
    )
    table.transact([write])
    return events.stored(write.item)
