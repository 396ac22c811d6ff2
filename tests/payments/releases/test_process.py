"""The process of a payment, alone with a gateway: whole, in every trouble of it, and after it has died in a call."""

from datetime import timedelta

import pytest
import time_machine

from tests.payments.releases.untrue import Death, ProcessDied, Trouble, Untrue
from tests.payments.releases.world import NET, TOTAL, World

Traveller = time_machine.Traveller


def gateway_of(world: World) -> Untrue:
    assert isinstance(world.gateway, Untrue)
    return world.gateway


def pass_time(world: World, time: Traveller, *minutes: float) -> None:
    """Let time pass, and a sweep come by each time."""
    for each in minutes:
        time.shift(timedelta(minutes=each))
        world.sweeps()


def test_an_approved_payment_is_released_by_itself_and_settled_at_once(world: World):
    payment_id = world.invoiced()
    settled = world.advances(payment_id)

    assert (settled.status, settled.attempt, settled.key, settled.due_at) == ("completed", 1, payment_id, None)
    assert [each.amount_minor_units for each in gateway_of(world).standing(payment_id)] == [TOTAL]
    assert sorted(world.events(payment_id)) == ["claimed", "invoiced", "release_requested", "released"]
    invoice, billing = world.invoice(payment_id), world.billing()
    assert (invoice.status, invoice.paid_minor_units, invoice.amount_due_minor_units) == ("paid", TOTAL, 0)
    assert (billing.open_invoices, billing.is_committed) == (0, True)
    assert (billing.requested_minor_units, billing.released_minor_units) == (NET, TOTAL)


def test_what_is_settled_is_not_done_again(world: World):
    payment_id = world.invoiced()
    before = world.advances(payment_id)

    assert world.advances(payment_id) == before
    assert world.sweeps() == 0
    assert len(gateway_of(world).standing(payment_id)) == 1


@pytest.mark.parametrize(
    ("gate", "limits", "payment", "reasons"),
    [
        ({"approved_by": []}, {"EUR": TOTAL}, {}, ["no_approval"]),
        ({}, {"EUR": TOTAL - 1}, {}, ["above_limit"]),
        ({}, {"USD": TOTAL}, {}, ["no_limit"]),
        ({}, {"EUR": TOTAL}, {"auto_release": False}, ["not_automatic"]),
        ({"approved_by": ["system"]}, {}, {}, ["no_limit", "no_approval"]),
    ],
)
def test_what_is_not_released_by_itself_says_for_what_people_it_waits(
    gate: dict[str, object], limits: dict[str, int], payment: dict[str, object], reasons: list[str], world: World
):
    world.is_set(auto_release_limits=limits)
    world.gate(**gate)
    payment_id = world.invoiced(**payment)
    waiting = world.advances(payment_id)

    assert (waiting.status, waiting.reasons, waiting.due_at) == ("invoiced", reasons, None)
    assert world.advances(payment_id) == waiting
    assert gateway_of(world).moved == []


@pytest.mark.parametrize("name", ["ada", "ben"])
def test_the_approval_of_creator_or_owner_is_none(name: str, world: World):
    world.gate(approved_by=[getattr(world, name)])

    assert world.advances(world.invoiced()).reasons == ["no_approval"]


def test_the_approval_of_somebody_from_outside_is_one(world: World):
    world.gate(approved_by=["ext_0123456789abcdef"])

    assert world.advances(world.invoiced()).status == "completed"


@pytest.mark.parametrize(
    ("gate", "reasons"),
    [
        ({"status": "escalated", "holds": ["esc_1"]}, ["milestone_escalated", "milestone_held"]),
        ({"status": "in_progress", "attempt": 2}, ["milestone_in_progress", "milestone_reworked"]),
    ],
)
def test_a_closed_gate_holds_a_payment_with_its_reasons(gate: dict[str, object], reasons: list[str], world: World):
    payment_id = world.invoiced()
    world.gate(**gate)
    held = world.advances(payment_id)

    assert (held.status, held.held_from, held.reasons) == ("on_hold", "invoiced", reasons)
    assert gateway_of(world).moved == []
    assert not world.billing().is_committed


@pytest.mark.parametrize("trouble", ["lost after", "error after"])
def test_what_was_made_without_an_answer_is_found_after_a_minute(trouble: Trouble, world: World, time: Traveller):
    gateway_of(world).troubles = [trouble]
    payment_id = world.invoiced()
    unsure = world.advances(payment_id)
    pass_time(world, time, 1)

    assert (unsure.status, unsure.is_unsure) == ("processing", True)
    assert world.payment(payment_id).status == "completed"
    assert len(gateway_of(world).standing(payment_id)) == 1


def test_what_was_not_made_is_sent_again_with_the_same_key(world: World, time: Traveller):
    gateway_of(world).troubles = ["lost before"]
    payment_id = world.invoiced()
    world.advances(payment_id)
    pass_time(world, time, 1)

    assert world.payment(payment_id).status == "completed"
    assert [each.key for each in gateway_of(world).moved] == [payment_id]


def test_an_error_that_is_kept_under_its_key_is_a_failure_after_an_hour_and_then_has_another(
    world: World, time: Traveller
):
    gateway_of(world).troubles = ["error"]
    payment_id = world.invoiced()
    world.advances(payment_id)
    pass_time(world, time, 1, 4, 10)
    before = world.payment(payment_id)
    pass_time(world, time, 45)
    failed = world.payment(payment_id)
    pass_time(world, time, 1)

    assert (before.status, before.attempt, before.is_unsure) == ("processing", 1, True)
    assert (failed.status, failed.failure) == ("failed", "not_made")
    assert world.payment(payment_id).status == "completed"
    assert [each.key for each in gateway_of(world).moved] == [f"{payment_id}-2"]


def test_after_three_failures_people_decide(world: World, time: Traveller):
    # Before its second attempt and its third it is asked, and answers.
    gateway_of(world).troubles = ["refused", "none", "refused", "none", "refused"]
    payment_id = world.invoiced()
    world.advances(payment_id)
    pass_time(world, time, 1, 10, 600)
    failed = world.payment(payment_id)

    assert (failed.status, failed.attempt, failed.failure) == ("failed", 3, "balance_insufficient")
    assert failed.due_at is None
    assert not world.invoice(payment_id).is_in_release
    assert world.events(payment_id).count("failed") == 3


def test_a_refusal_of_what_was_sent_before_is_not_certain(world: World, time: Traveller):
    gateway_of(world).troubles = ["lost before", "none", "refused"]
    payment_id = world.invoiced()
    world.advances(payment_id)
    pass_time(world, time, 1)

    assert (world.payment(payment_id).status, world.payment(payment_id).attempt) == ("processing", 1)


def test_a_gateway_that_has_not_answered_for_a_day_is_for_people(world: World, time: Traveller):
    gateway_of(world).is_away = True
    payment_id = world.invoiced()
    world.advances(payment_id)
    pass_time(world, time, *[60] * 25)
    held = world.payment(payment_id)

    assert (held.status, held.held_from, held.reasons) == ("on_hold", "processing", ["no_answer"])


def test_a_gateway_that_comes_back_within_the_day_and_knows_nothing_has_failed_for_certain(
    world: World, time: Traveller
):
    gateway_of(world).is_away = True
    payment_id = world.invoiced()
    world.advances(payment_id)
    pass_time(world, time, *[60] * 20)
    gateway_of(world).is_away = False
    pass_time(world, time, 60)

    assert world.payment(payment_id).failure == "not_made"
    assert gateway_of(world).moved == []


def test_another_amount_than_was_sent_is_for_people(world: World):
    gateway_of(world).troubles = ["other amount"]
    held = world.advances(world.invoiced())

    assert (held.status, held.held_from, held.reasons) == ("on_hold", "processing", ["amount_differs"])


@pytest.mark.parametrize("dies", ["before", "after"])
def test_who_dies_in_the_call_leaves_what_the_sweep_brings_to_its_end(dies: Death, world: World, time: Traveller):
    world.gateway = Untrue(dies=dies)
    payment_id = world.invoiced()
    with pytest.raises(ProcessDied):
        world.advances(payment_id)
    is_in_release = world.invoice(payment_id).is_in_release
    pass_time(world, time, 1)

    assert is_in_release
    assert world.payment(payment_id).status == "completed"
    assert len(gateway_of(world).standing(payment_id)) == 1
