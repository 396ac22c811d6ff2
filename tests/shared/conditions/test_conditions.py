"""The language of conditions: what is true, what is refused and where, and what its values are."""

from decimal import Decimal

import pytest

from shared.conditions import conditions, expressions
from shared.conditions.errors import ExpressionError, KindMismatch, NameUnknown, NotComputable
from tests.shared.conditions.cases import FAILING, FALSE, NAMES, NOW, REFUSED, TRUE, VALUES, holds


@pytest.mark.parametrize("text", TRUE)
def test_a_condition_is_true(text: str) -> None:
    assert holds(text) is True


@pytest.mark.parametrize("text", FALSE)
def test_a_condition_is_false(text: str) -> None:
    assert holds(text) is False


@pytest.mark.parametrize(("text", "error", "position"), REFUSED)
def test_what_is_not_of_the_language_is_refused_where_it_stands(
    text: str, error: type[ExpressionError] | None, position: int | None
) -> None:
    with pytest.raises(error or ExpressionError) as refused:
        conditions.read(text, NAMES)

    assert position is None or refused.value.position == position


@pytest.mark.parametrize(("text", "error", "position"), FAILING)
def test_values_that_do_not_fit_are_an_error_and_never_false(
    text: str, error: type[ExpressionError], position: int
) -> None:
    condition = conditions.read(text, NAMES)

    with pytest.raises(error) as failed:
        conditions.holds(condition, VALUES, now=NOW)

    assert failed.value.position == position


def test_a_value_of_another_kind_than_declared_is_an_error() -> None:
    for name, wrong in [("amount", "1"), ("amount", True), ("priority", 1), ("is_new", 1), ("due_on", "soon")]:
        with pytest.raises(KindMismatch):
            holds(f"{name} == {name}", {name: wrong})


def test_numbers_without_end_are_no_values() -> None:
    for wrong in (float("nan"), float("inf"), Decimal("NaN")):
        with pytest.raises(KindMismatch):
            holds("amount > 1", {"amount": wrong})


def test_days_are_those_of_the_time_zone() -> None:
    assert holds("days_between(now, due_on) == 2")
    assert holds("days_between(now, due_on) == 1", zone="Europe/Berlin")


def test_an_expression_says_its_kind_and_what_it_reads() -> None:
    read = expressions.read("min(milestone.progress, form['score']) * 2 + len(form.place.city)", NAMES)

    assert read.kind == "any" or read.kind == "number"
    assert read.reads == {"milestone", "milestone.progress", "form", "form.score", "form.place", "form.place.city"}
    assert expressions.read('priority + "!"', NAMES).value(VALUES, now=NOW) == "high!"


def test_a_text_does_not_grow_without_end() -> None:
    grown = expressions.read("priority + priority", NAMES)

    with pytest.raises(NotComputable):
        grown.value({"priority": "x" * 6000}, now=NOW)


def test_an_error_names_the_character() -> None:
    with pytest.raises(NameUnknown, match=r"There is no variable 'size' \(character 12\)") as refused:
        conditions.read("is_new and size > 1", NAMES)

    assert refused.value.code == "NameUnknown"
