import pytest

from functions.sequences.order import permutation

HELD = {"a": 3, "b": 7, "c": 9}


@pytest.mark.parametrize(
    ("new_order", "expected"),
    [
        (["a", "b", "c"], {"a": 3, "b": 7, "c": 9}),
        (["c", "b", "a"], {"c": 3, "b": 7, "a": 9}),
        (["b", "c", "a"], {"b": 3, "c": 7, "a": 9}),
    ],
)
def test_elements_stand_in_the_new_order_among_their_numbers(new_order: list[str], expected: dict[str, int]):
    assert permutation.in_order(HELD, new_order) == expected


@pytest.mark.parametrize("new_order", [["a", "b"], ["a", "b", "d"], ["a", "b", "b"], ["a", "b", "c", "c"], []])
def test_an_order_of_other_elements_is_refused(new_order: list[str]):
    with pytest.raises(ValueError, match="each of the elements once"):
        permutation.in_order(HELD, new_order)


@pytest.mark.parametrize("numbers", [(3, 9, 7), (9, 7, 3), (7, 3, 9)])
def test_numbers_are_taken_as_wanted(numbers: tuple[int, int, int]):
    wanted = dict(zip(HELD, numbers, strict=True))

    assert permutation.among_themselves(HELD, wanted) == wanted


@pytest.mark.parametrize("numbers", [(3, 7, 8), (3, 3, 9), (1, 2, 3)])
def test_numbers_that_they_do_not_hold_are_refused(numbers: tuple[int, int, int]):
    with pytest.raises(ValueError, match="3, 7, 9"):
        permutation.among_themselves(HELD, dict(zip(HELD, numbers, strict=True)))


@pytest.mark.parametrize(
    ("numbers", "first", "expected"),
    [
        ([1, 2, 3], 1, {}),
        ([2, 5, 9], 1, {0: 1, 1: 2, 2: 3}),
        ([1, 3, 4], 1, {1: 2, 2: 3}),
        ([91, 95], 91, {1: 92}),
        ([], 1, {}),
    ],
)
def test_elements_are_numbered_from_the_first_on(numbers: list[int], first: int, expected: dict[int, int]):
    ordered = [(f"e{place}", number) for place, number in enumerate(numbers)]

    assert permutation.compacted(ordered, first=first) == {f"e{place}": number for place, number in expected.items()}
