"""The queue of the audit log: in order, with an end that is in order too, and reachable for nobody else."""

from tests.infra.stages import Stage

CONSUMER = "functions.identity.audit.consumers.handler"


def functions_of(stage: Stage, handler: str) -> set[str]:
    functions = stage.find("AWS::Lambda::Function").items()
    return {name for name, each in functions if each["Properties"]["Handler"] == handler}


def test_the_queue_and_its_dead_letters_are_ordered_by_tenant(prod: Stage) -> None:
    parts = [prod.queue("AuditLog", part) for part in ("Queue", "DeadLetters")]

    assert [part["FifoQueue"] for part in parts] == [True, True]
    assert {part["DeduplicationScope"] for part in parts} == {"messageGroup"}
    assert {part["FifoThroughputLimit"] for part in parts} == {"perMessageGroupId"}
    assert {part["MessageRetentionPeriod"] for part in parts} == {14 * 24 * 3600}
    assert (parts[0]["VisibilityTimeout"], parts[0]["RedrivePolicy"]["maxReceiveCount"]) == (6 * 60, 8)


def test_the_audit_consumer_takes_from_it_and_from_nothing_else(prod: Stage) -> None:
    (consumer,) = functions_of(prod, CONSUMER)
    sources = [
        each["EventSourceArn"]["Fn::GetAtt"][0]
        for each in prod.of_type("AWS::Lambda::EventSourceMapping")
        if each["FunctionName"] == {"Ref": consumer}
    ]

    assert [prod.resources[source]["Properties"] for source in sources] == [prod.queue("AuditLog", "Queue")]


def test_no_rule_fills_a_queue_of_the_audit_log(prod: Stage) -> None:
    targets = [target for rule in prod.of_type("AWS::Events::Rule") for target in rule["Targets"]]

    assert [target for target in targets if "Audit" in str(target["Arn"])] == []


def test_it_is_filled_before_the_stack_of_identity_lets_go_of_the_rule(prod: Stage) -> None:
    """CloudFormation removes what a stack lacks after it has made what is new there; stacks follow their parameters."""
    parameters = prod.templates["identity"]["Parameters"].values()

    assert "/milepost/prod/AuditQueueArn" in [each["Default"] for each in parameters]
    assert not [name for name in prod.templates["outbox"]["Parameters"] if "Audit" in name]
