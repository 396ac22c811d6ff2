"""Which layers approve an advance, and how they stand."""

from functions.payments.financing import approval
from functions.payments.financing.approval import USUAL, Decision
from functions.payments.settings.approvers import Layer

SMALL, LARGE = Layer(0, "finance", 2), Layer(1_000, "admin", 1)


def said(*decisions: tuple[int, str, bool]) -> list[Decision]:
    return [Decision(*each, decided_at="2026-11-20T12:00:00.000Z") for each in decisions]


def test_an_amount_has_the_layers_that_it_is_above():
    assert approval.layers(1_000, [LARGE, SMALL]) == [SMALL]
    assert approval.layers(1_001, [LARGE, SMALL]) == [SMALL, LARGE]


def test_an_amount_without_a_layer_takes_an_admin():
    assert approval.layers(1_000, []) == [USUAL]
    assert approval.layers(1_000, [LARGE]) == [USUAL]


def test_one_layer_is_asked_after_the_other():
    layers = [SMALL, LARGE]

    assert approval.open_layer(layers, []) == 0
    assert approval.open_layer(layers, said((0, "dana", True))) == 0
    assert approval.open_layer(layers, said((0, "dana", True), (0, "cleo", True))) == 1
    assert approval.open_layer(layers, said((0, "dana", True), (0, "cleo", True), (1, "bea", True))) is None


def test_somebody_counts_once_in_a_layer():
    assert approval.outcomes([SMALL], said((0, "dana", True), (0, "dana", True))) == ["open"]


def test_one_rejection_rejects_its_layer():
    assert approval.outcomes([SMALL], said((0, "dana", True), (0, "cleo", False))) == ["rejected"]
