"""Who sets what a probe calls, what is refused, who sees it, and that its secret is nowhere."""

import json
from typing import Any

import pytest

from functions.projects.probe_calls import consumers
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.aws.quick.table import everything, put
from tests.projects.probe_calls.addresses import SECRET, Address, calling, calls, messages
from tests.projects.probes.asking import draft, makes
from tests.projects.team import Person
from tests.projects.timers.clockwork import id_of
from tests.shared.egress.tricks import REFUSED_URLS

HTTPS = "https://ci.example.com/state"
CHECKED: dict[str, Any] = {"url": HTTPS, "pointer": "/state", "comparison": "eq", "expected": "passed"}


def test_a_call_is_shown_to_who_may_change_it_without_its_secret(
    ada: Person, ben: Person, project: str, milestone: str
):
    cleo = ada.brings(project, ada.colleague(), "verifier")
    headers = [{"name": "X-Team", "value": "wheels"}]
    call = {**CHECKED, "headers": headers, "secret": {"header": "X-Api-Key", "value": SECRET}}
    made = ada.post("/probes", draft(milestone, call=call))
    probe = f"/probes/{made.body['probe_id']}"

    assert made.status == 201
    assert made.body["call"] == {
        **CHECKED,
        "method": "GET",
        "headers": headers,
        "body": None,
        "secret": {"header": "X-Api-Key", "is_set": True},
        "if_true": "on_track",
        "if_false": "at_risk",
        "progress_pointer": None,
        "set_by": ada.user_id,
    }
    assert (made.body["channels"], made.body["outside"], made.body["kind"]) == ([], None, "api")
    assert ben.get(probe).body["call"] == made.body["call"]
    assert (cleo.get(probe).status, cleo.get(probe).body["call"]) == (200, None)


def test_people_from_outside_and_other_tenants_do_not_see_or_run_it(
    ada: Person, eve: Person, project: str, milestone: str, address: Address
):
    guest = ada.brings(project, ada.colleague("guest"), "verifier")
    client = ada.brings(project, ada.colleague(), "client")
    asked, probe = makes(ada, milestone), makes(ada, milestone, call=calling(address))
    listed = [
        each.get("/probes", f"project_milestone_id={id_of(milestone)}").body["items"] for each in (ada, guest, client)
    ]

    assert [[each["probe_id"] for each in found] for found in listed] == [
        [id_of(asked), id_of(probe)],
        [id_of(asked)],
        [id_of(asked)],
    ]
    for each in (guest, client, eve):
        assert (each.get(probe).status, each.get(f"{probe}/runs").status) == (404, 404)
        assert each.post(f"{probe}/run").status in (403, 404)
        assert each.ask("probe", probeId=id_of(probe)).error_type == "ProbeNotFound"
    assert (client.post(f"{probe}/run").status, eve.post(f"{probe}/run").status) == (404, 404)
    assert eve.patch(probe, {"question": "Mine?"}).status == 404


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"method": "PUT"}, "call.method"),
        ({"url": "http://ci.example.com/"}, "call.url"),
        ({"url": "https://10.0.0.1/"}, "call.url"),
        ({"pointer": "state"}, "call.pointer"),
        ({"comparison": "like"}, "call.comparison"),
        ({"expected": ["passed"]}, "call"),
        ({"comparison": "in"}, "call"),
        ({"comparison": "in", "expected": []}, "call.expected"),
        ({"comparison": "in", "expected": list(range(21))}, "call.expected"),
        ({"comparison": "gt", "expected": True}, "call"),
        ({"comparison": "lte", "expected": None}, "call"),
        ({"comparison": "regex", "expected": "(a)\\1"}, "call"),
        ({"comparison": "regex", "expected": 5}, "call"),
        ({"expected": {"a": 1}}, "call.expected"),
        ({"expected": 10**16}, "call.expected"),
        ({"expected": "x" * 201}, "call.expected"),
        ({"body": "{}"}, "call"),
        ({"method": "POST", "body": "{"}, "call.body"),
        ({"headers": [{"name": "Host", "value": "a"}]}, "call.headers.0.name"),
        ({"headers": [{"name": "A b", "value": "a"}]}, "call.headers.0.name"),
        ({"headers": [{"name": "X-A", "value": "a\r\nb"}]}, "call.headers.0.value"),
        ({"headers": [{"name": "X-A", "value": "a"}, {"name": "x-a", "value": "b"}]}, "call"),
        ({"headers": [{"name": "authorization", "value": "a"}]}, "call"),
        ({"headers": [{"name": f"X-{each}", "value": "a"} for each in range(11)]}, "call.headers"),
        ({"secret": {"value": ""}}, "call.secret.value"),
        ({"secret": {"value": "a\nb"}}, "call.secret.value"),
        ({"secret": {"header": "Content-Length", "value": "a"}}, "call.secret.header"),
        ({"if_true": "maybe"}, "call.if_true"),
        ({"timeout": 60}, "call.timeout"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(wrong: dict[str, Any], place: str, ada: Person, milestone: str):
    refused = ada.post("/probes", draft(milestone, call={**CHECKED, **wrong}))

    assert (refused.status, refused.body["errors"][0]["field"]) == (422, place)
    assert ada.get("/probes", f"project_milestone_id={id_of(milestone)}").body["items"] == []


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_only_addresses_of_the_internet_are_taken(
    url: str, ada: Person, milestone: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "false")

    assert ada.post("/probes", draft(milestone, call={**CHECKED, "url": url})).status == 422


def test_a_probe_asks_people_or_calls_an_address_and_stays_that(ada: Person, milestone: str):
    asked, called = makes(ada, milestone), makes(ada, milestone, call=CHECKED)
    both = ada.post("/probes", draft(milestone, call=CHECKED, channels=["email"]))
    changed = [
        ada.patch(asked, {"call": CHECKED}),
        ada.patch(called, {"channels": ["email"]}),
        ada.patch(called, {"outside": None}),
    ]

    assert both.status == 422
    assert [(each.status, each.body["code"]) for each in changed] == [(422, "ProbeKindFixed")] * 3


def test_a_call_is_changed_whole_so_no_secret_goes_to_another_address(
    ada: Person, ben: Person, milestone: str, address: Address
):
    probe = makes(ada, milestone, call=calling(address))
    changed = ben.patch(probe, {"call": {**CHECKED, "url": address.url}})
    ada.post(f"{probe}/run")
    calls(ada, milestone)

    assert (changed.status, changed.body["call"]["secret"], changed.body["call"]["set_by"]) == (200, None, ben.user_id)
    assert "Authorization" not in address.asked[0][2]


def test_the_secret_is_nowhere_but_in_the_call(
    ada: Person, milestone: str, address: Address, capfd: pytest.CaptureFixture[str]
):
    address.says(state=SECRET)
    probe = makes(ada, milestone, call=calling(address, method="POST", body='{"inner": "in-the-body"}'))
    ada.post(f"{probe}/run")
    calls(ada, milestone)
    sent = address.asked[0][2]["Authorization"]
    shown = [ada.get(each).body for each in (probe, f"{probe}/runs", f"{milestone}/history")]
    shown += [ada.ask(each, probeId=id_of(probe)).data for each in ("probe", "probeRuns")]
    stored = everything()
    events = [each for each in stored if each["SK"].startswith(("EVENT#", "ENTRY#"))]
    printed = capfd.readouterr()

    assert sent == SECRET
    for text in (json.dumps([shown, stored], default=str), printed.out, printed.err):
        assert SECRET not in text
        assert SECRET.removeprefix("Bearer ") not in text
    for text in (json.dumps(events, default=str), printed.out, printed.err):
        assert "in-the-query" not in text
        assert "in-the-body" not in text


def test_a_sealed_secret_is_of_no_use_to_another_probe(ada: Person, milestone: str, address: Address):
    first, second = (makes(ada, milestone, call=calling(address)) for _ in range(2))
    (stored,) = [each for each in everything() if each["SK"] == "0PROBES"]
    stored["every"][1]["call"]["sealed"] = stored["every"][0]["call"]["sealed"]
    put(stored)
    ada.post(f"{second}/run")
    *_, message = messages(ada, milestone)
    failed = consumers.handler(batch([message]), Context())

    assert (len(failed["batchItemFailures"]), address.asked, first != second) == (1, [], True)


def test_graphql_sets_and_shows_a_call_as_rest_does(ada: Person, milestone: str, address: Address):
    call = {"url": address.url, "comparison": "in", "pointer": "/percent", "expected": "[40, 41]", "ifTrue": "blocked"}
    given = {"projectMilestoneId": id_of(milestone), "question": "Well?", "schedule": {"every": 4, "unit": "hours"}}
    made = ada.ask("createProbe", input={**given, "call": {**call, "secret": {"value": SECRET}}}).data
    ada.ask("runProbe", probeId=made["probeId"])
    calls(ada, milestone)
    (run,) = ada.ask("probeRuns", probeId=made["probeId"]).data["items"]
    wrong = ada.ask("createProbe", input={**given, "call": {**call, "expected": "[40"}})

    assert (made["kind"], made["call"]["expected"], made["call"]["secret"]["isSet"]) == ("api", "[40, 41]", True)
    assert (run["state"], run["called"]["found"], run["called"]["isTrue"]) == ("blocked", "40", True)
    assert wrong.error_type == "InvalidInput"
