"""That a broken limit is seen: each part of `tests/bench` is given something too slow, too large or too often."""

import os
from pathlib import Path

import pytest

from functions.goals import goals
from infra.bundling import groups
from infra.bundling.bundle import Bundle
from shared import ids
from shared.storage import files, table
from tests.bench import (
    charts,
    cold_start,
    decision_waits,
    event_latency,
    first_minutes,
    folding,
    freezing,
    ledgers,
    memory,
    papers,
    per_request,
    questions,
    scene,
    searching,
    segments,
    sign_ins,
    table_calls,
    templates,
    tracked,
    working,
    write_units,
)
from tests.bench.__main__ import verdict
from tests.bench.figures import Figure


@pytest.fixture
def quick_table() -> None:
    """Nothing stands in for moto, which says what a call takes."""


def test_a_figure_holds_at_its_limit() -> None:
    assert Figure("calls", 2, "", 2).holds


def test_a_figure_does_not_hold_above_its_limit() -> None:
    assert not Figure("calls", 3, "", 2).holds


def test_one_broken_limit_fails_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    code = verdict([Figure("calls", 1, "", 2), Figure("units", 0.6, "", 0.5)])

    assert code == 1
    assert "units" in capsys.readouterr().out


def test_a_run_without_a_broken_limit_succeeds() -> None:
    assert verdict([Figure("calls", 2, "", 2), Figure("time", 900, "µs")]) == 0


def test_a_template_that_is_larger_than_its_limits_is_seen() -> None:
    crowded = {"Resources": {f"Queue{number}": {"Type": "AWS::SQS::Queue"} for number in range(401)}}
    large = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Metadata": "x" * 800_000}}}

    figures = [*templates.judged("crowded", crowded), *templates.judged("large", large)]
    assert [figure.name for figure in figures if not figure.holds] == ["crowded: resources", "large: template"]


def test_a_search_that_is_slower_than_its_limits_and_an_index_that_is_too_large_are_seen() -> None:
    took = {"a word": [0.001], "the beginning of a word": [0.009], "the beginning of a word, of 100 readers": [0.001]}
    beside = {name: [0.001] for name in took}

    broken = [figure.name for figure in searching.judged(took, beside, 2_500_000) if not figure.holds]
    assert broken == ["the beginning of a word, to SQLite FTS5", "index of a document"]


def test_a_preview_that_takes_too_long_is_seen() -> None:
    assert [figure.holds for figure in segments.judged([2.6] * 5)] == [False]


def test_a_fold_that_is_slower_than_its_limit_is_seen() -> None:
    assert [figure.holds for figure in folding.judged(20.1)] == [False]
    assert [figure.holds for figure in folding.judged(19.9)] == [True]


def test_a_function_that_holds_more_than_half_of_its_memory_is_seen() -> None:
    held = {"sender": (129, 256), "sweeper": (60, 256), "api": (800, 1769)}

    assert [figure.name for figure in memory.judged(held) if not figure.holds] == ["most of 256 MB, sender"]


def test_a_request_that_is_slower_than_its_limits_is_seen() -> None:
    took = {"milepost": 510, "bare": 1000, "bare_default": 1200, "fastapi": 1500, "floor": 100}
    inside = {"milepost": 200, "bare": 990, "bare_default": 1190, "fastapi": 1000, "floor": 99}
    rounds = [{name: [(took[name], inside[name])] for name in took}]

    broken = [figure.name for figure in per_request.judged("progress", rounds) if not figure.holds]

    assert broken == [
        "reading progress: to a bare function with boto3",
        "reading progress: to FastAPI and Mangum",
        "reading progress: what is added, to FastAPI's",
    ]


def test_a_moment_in_which_the_machine_was_busy_does_not_count() -> None:
    calm = {name: [(1000, 900)] * 5 for name in ("milepost", "bare", "bare_default", "fastapi", "floor")}
    busy = {**calm, "milepost": [(9000, 8100)] * 5}

    figures = {figure.name: figure.value for figure in per_request.judged("complete", [calm, busy])}

    assert figures["completing a task: to a bare function with boto3"] == 1


def test_a_list_may_take_less_than_a_request_for_one_item() -> None:
    took = {"milepost": 410, "bare": 1000, "bare_default": 1000, "fastapi": 2000, "floor": 100}
    rounds = [{name: [(each, each // 2)] for name, each in took.items()}]

    broken = [figure.name for figure in per_request.judged("goals", rounds) if not figure.holds]

    assert broken == ["a list of 20 goals: to a bare function with boto3"]


def test_a_field_that_takes_longer_than_the_same_over_rest_is_seen() -> None:
    slow, quick = ([{"field": [(each, 0)], "progress": [(100, 0)]}] for each in (116, 115))

    assert [figure.holds for figure in per_request.judged_field(slow)] == [True, False]
    assert all(figure.holds for figure in per_request.judged_field(quick))


def test_a_change_that_costs_too_many_write_units_is_seen() -> None:
    assert [figure.holds for figure in write_units.judged(creating=13, entry=3.5, completing=11)] == [False] * 3
    assert all(figure.holds for figure in write_units.judged(creating=12, entry=3, completing=10))


def test_a_trial_balance_of_several_queries_is_seen() -> None:
    assert [figure.holds for figure in ledgers.judged(queries=2, milliseconds=6)] == [False] * 2
    assert all(figure.holds for figure in ledgers.judged(queries=1, milliseconds=5))


def test_what_projects_and_payments_ask_too_much_is_seen() -> None:
    most = {
        "milestone": 2,
        "whole": 1,
        "kilobytes": 1024,
        "layer": 32,
        "decision": 3,
        "opening": 6,
        "actions": 40,
        "worklist": 1,
        "projects": 1,
        "issue": 2,
        "release": 3,
        "settled": 4,
        "plan": 10,
    }

    assert all(figure.holds for figure in working.judged(**most))
    assert not any(figure.holds for figure in working.judged(**{name: each + 1 for name, each in most.items()}))


def test_a_document_that_takes_too_long_is_seen() -> None:
    assert [figure.holds for figure in papers.judged(first=901, later=151)] == [False] * 2
    assert all(figure.holds for figure in papers.judged(first=900, later=150))


def test_a_cold_start_that_is_slower_than_its_limits_is_seen() -> None:
    times = {"client": [100.0], "published": [150.0], "api": [111.0], "authorizer": [66.0]}

    broken = [figure.name for figure in cold_start.judged(times) if not figure.holds]

    assert broken == ["API function, token verified: to that", "AppSync authorizer: to that"]


def test_a_bundle_that_is_too_large_is_seen(tmp_path: Path) -> None:
    bundles = {}
    for group in groups.declared(Path(__file__).parents[2]):
        archive = tmp_path / f"{group.name}.zip"
        archive.touch()
        os.truncate(archive, int(group.largest_mb * 1_000_000) + (group.name == "goals"))
        bundles[group.name] = Bundle(archive=archive, packages=None)

    figures = cold_start.sizes(bundles)

    assert len(figures) == len(bundles)
    assert [figure.name for figure in figures if not figure.holds] == ["bundle of goals, zipped"]


def test_a_sign_in_that_does_much_besides_or_tells_who_is_there_is_seen() -> None:
    figures = sign_ins.judged(hashing=[20.0], whole=[26.0], wrong=[30.0], unknown=[28.0])

    assert [figure.name for figure in figures if not figure.holds] == [
        "signing in: share of it that is not argon2id",
        "an unknown address: difference to that, 1 each",
    ]


def test_an_evaluator_that_costs_a_creation_too_much_is_seen() -> None:
    slow = tracked.judged(normal=[20.0], is_open=[71.0], silent_seconds=2.6)

    assert [figure.holds for figure in slow] == [False, False]
    assert all(figure.holds for figure in tracked.judged(normal=[20.0], is_open=[70.0], silent_seconds=2.5))


def test_a_chart_that_takes_long_or_is_large_is_seen() -> None:
    slow = charts.judged(picture=[15.1], forecast=[30.1], reading=[99.0], size=20_001)

    assert [figure.holds for figure in slow] == [False, False, False, True]
    assert all(each.holds for each in charts.judged(picture=[15.0], forecast=[30.0], reading=[99.0], size=20_000))


def test_an_event_that_is_long_on_its_way_is_seen() -> None:
    assert [figure.holds for figure in event_latency.judged([1.6, 1.6, 0.1])] == [False]


def test_a_decision_that_people_or_money_wait_long_for_is_seen() -> None:
    assert [figure.holds for figure in decision_waits.judged([2.1, 2.1, 0.1], [3.1, 3.1, 0.1])] == [False, False]
    assert all(figure.holds for figure in decision_waits.judged([2.0], [3.0]))


@pytest.mark.usefixtures("aws")
def test_every_call_of_a_request_is_counted() -> None:
    meter = table_calls.Meter()
    meter.read()
    table.query("USER#nobody", "GOAL#", limit=1)
    table.get_many([goals.counts_key("nobody")])

    assert meter.operations == ["Query", "BatchGetItem"]
    assert meter.units > 0


def test_the_goal_that_is_measured_has_every_text_at_its_longest() -> None:
    goal = scene.goal(task_count=10, completed=3, goal_id=ids.new("goal"))

    assert (len(goal.title), len(goal.description or ""), len(goal.category or "")) == (100, 500, 50)
    assert [len(tag) for tag in goal.tags] == [50] * 20


def test_a_first_minute_too_many_is_seen_with_the_steps_it_was_spent_on() -> None:
    said = "installing\n✓ 1/4 MiniStack answers (2.5 s)\n✓ 2/4 Milepost is deployed (44.4 s)\n"
    figures = first_minutes.judged(said, 91)

    assert [(figure.name, figure.value, figure.holds) for figure in figures] == [
        ("1/4 MiniStack answers", 2.5, True),
        ("2/4 Milepost is deployed", 44.4, True),
        ("from a clone to the end of make up", 91, False),
    ]


def test_questions_that_are_slow_or_take_much_memory_are_seen() -> None:
    quick, slow = [299.0] * 3, [801.0] * 3
    held = questions.judged({"first_seconds": 2.0, "took_ms": {"quick": quick}, "memory_mb": 512})
    broken = questions.judged({"first_seconds": 2.1, "took_ms": {"slow": slow, "quick": quick}, "memory_mb": 513})

    assert all(figure.holds for figure in held)
    assert [figure.name for figure in broken if not figure.holds] == [
        "first question, files fetched: processor time",
        "a question after that: median of all",
        "the slowest question",
        "memory of the process, at most",
    ]


def test_every_question_is_asked_of_the_files_that_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "download", files.download)
    questions.write(tmp_path, leads=400, changed=10)
    told = questions.ask(tmp_path, turns=1)

    assert {*questions.RULES} < {*told["took_ms"]}


def test_an_audience_that_is_frozen_slowly_or_takes_much_memory_is_seen() -> None:
    held = freezing.judged(1_000_000, {"seconds": 30.0, "memory_mb": 900})
    broken = freezing.judged(1_000_000, {"seconds": 30.1, "memory_mb": 901})

    assert all(figure.holds for figure in held)
    assert not any(figure.holds for figure in broken)


def test_everybody_is_frozen_whom_the_files_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "download", files.download)
    monkeypatch.setattr(files, "put_once", files.put_once)
    questions.write(tmp_path, leads=400, changed=10)

    assert freezing.freeze(tmp_path)["frozen"] == 400
