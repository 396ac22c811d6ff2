"""The functions of webhooks: who reads what seals their secrets, and where they may send."""

from moto.events.models import EventPattern

from functions.webhooks import published
from tests.infra.permissions import actions_of
from tests.infra.stages import Stage


def test_only_the_sender_of_webhooks_and_their_door_can_read_what_seals_their_secrets(prod: Stage) -> None:
    functions = prod.of_type("AWS::Lambda::Function")
    told = {each["Handler"] for each in functions if "WEBHOOK_SECRET_ID" in each["Environment"]["Variables"]}

    assert told == {"functions.webhooks.api.handler", "functions.webhooks.delivery_consumers.handler"}
    assert all(("secretsmanager", "GetSecretValue") in actions_of(prod, handler) for handler in told)


def test_webhooks_go_to_the_machine_itself_on_a_laptop_only(prod: Stage, local: Stage) -> None:
    said = [
        {
            each["Environment"]["Variables"].get("ALLOW_LOOPBACK_WEBHOOKS")
            for each in stage.of_type("AWS::Lambda::Function")
        }
        for stage in (prod, local)
    ]

    assert said == [{None, "false"}, {None, "true"}]


def test_events_under_the_former_names_still_come_to_the_consumers(prod: Stage) -> None:
    patterns = [
        rule["EventPattern"]["detail-type"] for rule in prod.of_type("AWS::Events::Rule") if "EventPattern" in rule
    ]
    (told,) = [types for types in patterns if "webhooks.replay.requested" in types]
    named = {each for each in told if isinstance(each, str)}

    assert named >= published.FORMER_TYPES
    assert named >= {published.renamed(each) for each in published.FORMER_TYPES}


def test_what_every_context_publishes_comes_to_the_consumers(prod: Stage) -> None:
    rules = [each for each in prod.of_type("AWS::Events::Rule") if "EventPattern" in each]
    (told,) = [each["EventPattern"] for each in rules if "BusWebhooksQueue" in str(each["Targets"])]
    pattern = EventPattern(None, told)  # type: ignore[arg-type]
    messages = [{"source": "milepost", "detail-type": each, "detail": {"event_type": each}} for each in published.TYPES]

    assert [each["detail-type"] for each in messages if not pattern.matches_event(each)] == []
