import pytest

from shared import clock, ids


def test_an_id_says_what_it_is_and_is_not_given_twice():
    made = {ids.new("goal") for _ in range(1000)}

    assert len(made) == 1000
    assert all(ids.is_valid(each, "goal") for each in made)


def test_ids_sort_by_the_time_they_were_given():
    assert ids.new("evt", at=1767225600123) < ids.new("evt", at=1767225600124) < ids.new("evt", at=1767225601000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "goal_",
        "goal_1",
        "task_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
        "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE#",
        "goal_01kafx3v5n8t2j6q4w9y7zc0de",
        "goal_81KAFX3V5N8T2J6Q4W9Y7ZC0DE",
        "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DU",
        "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE\n",
        "GOAL_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    ],
)
def test_text_of_another_shape_is_no_id(text: str):
    assert not ids.is_valid(text, "goal")


def test_ids_of_one_instant_sort_in_the_order_they_were_given():
    made = [ids.new("task", at=1767225600123) for _ in range(100)]

    assert made == sorted(made)


def test_the_earliest_of_an_instant_sorts_between_what_was_made_before_and_from_then_on():
    at = clock.from_rfc3339("2026-11-20T12:00:00Z")
    earliest = ids.earliest("evt", at=at)

    assert ids.new("evt", at=at - 1) < earliest < ids.new("evt", at=at)
    assert ids.is_valid(earliest, "evt")


def test_what_follows_from_an_id_is_the_same_whenever_it_is_asked_for():
    first, second = ids.new("evt", at=1_795_167_000_000), ids.new("evt", at=1_795_167_000_000)

    assert ids.following(first) == ids.following(first)
    assert len({first, second, ids.following(first), ids.following(second)}) == 4
    assert ids.is_valid(ids.following(first), "evt")
    assert ids.following(first)[:14] == first[:14]
