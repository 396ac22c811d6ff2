"""What the demo imports, out of the files it is made of."""

from infra.demo import histories


def test_there_are_two_goals_that_are_done_and_one_that_runs() -> None:
    titles = [history["title"] for history in histories.every()]

    assert titles == ["Python 3.13.0", "Python 3.14.0", "Python 3.14 bugfix releases"]


def test_a_history_begins_with_all_its_tasks() -> None:
    history = histories.releases()[0]["history"]

    assert [entry["event"] for entry in history[:14]] == ["task_added"] * 14
    assert {entry["at"] for entry in history[:14]} == {"2023-05-22T00:00:00Z"}


def test_a_release_goes_on_with_each_day_and_ends_with_the_final_one() -> None:
    history = histories.releases()[0]["history"]

    assert history[14:16] == [
        {"at": "2023-10-13T12:00:00Z", "event": "task_completed", "task": "alpha 1"},
        {"at": "2023-11-22T12:00:00Z", "event": "task_completed", "task": "alpha 2"},
    ]
    assert history[27:] == [
        {"at": "2024-10-07T12:00:00Z", "event": "task_completed", "task": "final"},
        {"at": "2024-10-07T12:00:00Z", "event": "goal_completed"},
    ]


def test_the_goal_that_runs_has_due_dates_and_no_end() -> None:
    history = histories.bugfixes()["history"]

    assert history[0] == {
        "at": "2025-10-07T00:00:00Z",
        "event": "task_added",
        "task": "3.14.1",
        "title": "3.14.1",
        "due_at": "2025-12-02T12:00:00Z",
    }
    assert [entry["event"] for entry in history] == ["task_added"] * 14 + ["task_completed"] * 4
