"""What somebody says with a message to a number of the tenant."""

import pytest

from functions.audience.respect import words


@pytest.mark.parametrize(
    "text", ["STOP", "stop", " Stop! ", "QUIT", "End.", "CANCEL", "unsubscribe", "Revoke", '"STOP"']
)
def test_a_word_that_stops_stops_in_any_case_and_with_punctuation(text: str):
    assert words.action(text) == "stop"


@pytest.mark.parametrize("text", ["OPT-OUT", "opt out", "OptOut", "opt_out!", "Opt\u2011Out"])
def test_opting_out_is_written_in_several_ways(text: str):
    assert words.action(text) == "stop"


@pytest.mark.parametrize(("text", "expected"), [("START", "start"), ("start.", "start"), ("Help?", "help")])
def test_start_and_help_are_known_too(text: str, expected: str):
    assert words.action(text) == expected


@pytest.mark.parametrize("text", ["", "...", "Please stop", "stopping", "STOP" * 40, "start " * 20, "no", "unstart"])
def test_any_other_message_asks_for_nothing(text: str):
    assert words.action(text) is None
