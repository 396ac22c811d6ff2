"""The page for receivers: its receiver works, and its figures are those of the code."""

import re

import pytest

from functions.webhooks import retry
from functions.webhooks.endpoints import MAX_ENDPOINTS
from shared.egress import destination
from tests.platform.architecture import ROOT
from tests.webhooks.people import Backbone, Person
from tests.webhooks.receiver import Receiver

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")


def receive(*arguments: object) -> int:
    """Run the receiver that the page shows."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - the code is the page's
    return names["receive"](*arguments)


def test_the_receiver_of_the_page_takes_a_message_once_and_no_forged_one(
    ada: Person, backbone: Backbone, receiver: Receiver, capsys: pytest.CaptureFixture[str]
):
    endpoint = ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()
    (message,) = receiver.messages
    headers, body, done = dict(message.headers), message.body.encode(), set[str]()
    capsys.readouterr()
    statuses = [receive(endpoint["secret"], headers, body, done) for _ in range(2)]
    forged = receive(endpoint["secret"], headers, body + b" ", done)

    assert (statuses, forged) == ([204, 204], 401)
    assert capsys.readouterr().out.count("goals.goal.completed") == 1
    assert done == {message.webhook_id}


def test_the_figures_of_the_page_are_those_of_the_code():
    hours = [wait // 3_600_000 for wait in retry.WAITS[3:]]

    assert f"{', '.join(map(str, hours[:-1]))} and {hours[-1]} hours" in PAGE
    assert "ten times in all, after 5 seconds, 5 and 30 minutes" in PAGE
    assert f"has {MAX_ENDPOINTS} at most" in PAGE
    assert f"port {' or '.join(map(str, sorted(destination.PORTS)))}" in PAGE
