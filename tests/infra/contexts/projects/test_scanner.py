"""The scanner of evidence: only where it is asked for, and open to nothing but the files of evidence."""

from typing import Any

from tests.infra.stages import Stage

PLAN = "AWS::GuardDuty::MalwareProtectionPlan"
LOOKING = [
    "functions.projects.api.handler",
    "functions.projects.evidence.consumers.handler",
    "functions.projects.sweeps.handler",
]


def told(stage: Stage) -> list[str]:
    functions = stage.of_type("AWS::Lambda::Function")
    return sorted(each["Handler"] for each in functions if "EVIDENCE_SCANNER" in each["Environment"]["Variables"])


def statements(stage: Stage, action: str) -> list[Any]:
    found = [each for policy in stage.of_type("AWS::IAM::Policy") for each in policy["PolicyDocument"]["Statement"]]
    return [each for each in found if action in each["Action"]]


def test_there_is_nothing_of_it_unless_it_is_asked_for(prod: Stage) -> None:
    assert prod.of_type(PLAN) == []
    assert told(prod) == []
    assert not any("aws.guardduty" in str(each.get("EventPattern")) for each in prod.of_type("AWS::Events::Rule"))
    assert statements(prod, "s3:GetObjectVersionTagging") == []


def test_it_scans_and_tags_evidence_alone(full: Stage) -> None:
    (plan,) = full.of_type(PLAN)

    assert plan["ProtectedResource"]["S3Bucket"]["ObjectPrefixes"] == ["evidence/"]
    assert plan["Actions"] == {"Tagging": {"Status": "ENABLED"}}
    reading = next(each for each in statements(full, "s3:PutObjectVersionTagging"))
    assert str(reading["Resource"]).endswith("'/evidence/*']]}")


def test_who_looks_at_evidence_waits_for_its_verdict(full: Stage) -> None:
    assert told(full) == LOOKING
    # Those of the three functions, and that of the scanner itself.
    assert len(statements(full, "s3:GetObjectVersionTagging")) == len(LOOKING) + 1


def test_its_verdicts_on_evidence_reach_the_looker(full: Stage) -> None:
    rules = [each for each in full.of_type("AWS::Events::Rule") if "aws.guardduty" in str(each.get("EventPattern"))]
    (rule,) = rules
    (target,) = rule["Targets"]

    assert rule["EventPattern"]["detail"]["s3ObjectDetails"]["objectKey"] == [{"prefix": "evidence/"}]
    assert "EvidenceUploads" in str(target["Arn"])


def test_only_it_assumes_its_role_and_it_manages_no_rules_but_its_own(full: Stage) -> None:
    services = [
        each["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
        for each in full.of_type("AWS::IAM::Role")
        if "malware-protection-plan" in str(each["AssumeRolePolicyDocument"])
    ]
    managing = [each for each in statements(full, "events:PutRule") if "GuardDuty" in str(each["Resource"])]

    assert services == ["malware-protection-plan.guardduty.amazonaws.com"]
    assert [each["Condition"] for each in managing] == [
        {"StringEquals": {"events:ManagedBy": "malware-protection-plan.guardduty.amazonaws.com"}}
    ]
