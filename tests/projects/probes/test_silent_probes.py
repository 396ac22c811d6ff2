"""Probes that nobody answers: what is escalated of them, how often, and when that is over."""

import time_machine

from tests.projects.escalation.asking import asks
from tests.projects.probes.asking import DAY, answers, falls_silent, makes, outcomes
from tests.projects.team import Person
from tests.projects.timers.clockwork import escalations, fire, id_of, tell


def test_two_misses_in_a_row_are_escalated_once_and_an_answer_ends_that(
    ada: Person, ben: Person, milestone: str, time: time_machine.Traveller
):
    probe = makes(ada, milestone)
    tell(ada, milestone)
    for _ in range(4):
        time.shift(DAY)
        fire(milestone, times=2)
        tell(ada, milestone)
    (raised,) = escalations(ada, milestone)
    silent = ada.get(probe).body
    answers(ben, probe)
    tell(ada, milestone)
    (over,) = escalations(ada, milestone)

    assert (silent["misses"], silent["is_silent"]) == (3, True)
    assert (raised["trigger"], raised["trigger_id"], raised["kind"]) == ("silent_probe", id_of(probe), "stakeholder")
    assert (over["status"], ada.get(probe).body["misses"]) == ("resolved", 0)
    assert outcomes(ada, probe) == ["answered", "missed", "missed", "missed"]


def test_a_probe_that_is_silent_once_more_after_an_answer_is_escalated_once_more(
    ada: Person, ben: Person, milestone: str, time: time_machine.Traveller
):
    probe = makes(ada, milestone)
    tell(ada, milestone)
    for _ in range(2):
        falls_silent(milestone, time)
        answers(ben, probe)
        tell(ada, milestone)

    assert [each["status"] for each in escalations(ada, milestone)] == ["resolved", "resolved"]


def test_one_escalation_stands_for_all_probes_that_are_silent_and_ends_with_the_last(
    ada: Person, ben: Person, milestone: str, time: time_machine.Traveller
):
    first, second = makes(ada, milestone), makes(ada, milestone)
    tell(ada, milestone)
    falls_silent(milestone, time)
    (both,) = escalations(ada, milestone)
    answers(ben, f"/probes/{both['trigger_id']}")
    tell(ada, milestone)
    (one,) = escalations(ada, milestone)
    answers(ben, f"/probes/{one['trigger_id']}")
    tell(ada, milestone)
    (none,) = escalations(ada, milestone)

    assert {both["trigger_id"], one["trigger_id"]} == {id_of(first), id_of(second)}
    assert [each["status"] for each in (both, one, none)] == ["pending", "pending", "resolved"]


def test_what_people_have_resolved_for_two_silent_probes_is_not_raised_again_by_either(
    ada: Person, ben: Person, milestone: str, time: time_machine.Traveller
):
    for _ in range(2):
        makes(ada, milestone)
    tell(ada, milestone)
    falls_silent(milestone, time)
    (raised,) = escalations(ada, milestone)
    asks(ada, f"/escalations/{raised['escalation_id']}", "resolve")
    answers(ben, f"/probes/{raised['trigger_id']}")
    tell(ada, milestone)
    time.shift(DAY)
    fire(milestone)

    assert [each["status"] for each in escalations(ada, milestone)] == ["resolved"]


def test_what_people_have_resolved_is_raised_again_by_the_next_silence(
    ada: Person, ben: Person, milestone: str, time: time_machine.Traveller
):
    probe = makes(ada, milestone)
    tell(ada, milestone)
    for _ in range(2):
        falls_silent(milestone, time)
        raised, *_ = escalations(ada, milestone)
        asks(ada, f"/escalations/{raised['escalation_id']}", "resolve")
        answers(ben, probe)
        tell(ada, milestone)

    assert [each["trigger_id"] for each in escalations(ada, milestone)] == [id_of(probe)] * 2


def test_what_people_have_resolved_is_not_raised_again_by_the_same_silence(
    ada: Person, milestone: str, time: time_machine.Traveller
):
    makes(ada, milestone)
    tell(ada, milestone)
    falls_silent(milestone, time)
    (raised,) = escalations(ada, milestone)
    asks(ada, f"/escalations/{raised['escalation_id']}", "resolve")
    time.shift(DAY)
    fire(milestone)

    assert len(escalations(ada, milestone)) == 1
