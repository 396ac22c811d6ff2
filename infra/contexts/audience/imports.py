"""Long work on leads, from a queue: parts of imports, exports, recounts."""

from aws_cdk import Duration

from infra.constructs.files import EXPORTS, PARTS, UPLOADS
from infra.constructs.function import allow
from infra.contexts.surroundings import WHOLE_PROCESSOR_MB, Surroundings

# A file of a million rows is cut within six minutes: each of them is judged once. A part takes a second.
TIMEOUT = Duration.minutes(15)
# With 500 rows a second each, the rest of a file of a million rows takes seven minutes.
AT_ONCE = 5
# Somebody follows the progress of their import, and waits behind no more than forty parts of others.
LATE = Duration.minutes(30)


def build(given: Surroundings, *, bundle: str) -> None:
    """Make the function that does the work, and its queue."""
    imports = given.function(
        "LeadImports",
        "functions.audience.imports.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:ConditionCheckItem", resources=[given.table.arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=bundle,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
        timeout=TIMEOUT,
    )
    given.files.open(imports, EXPORTS, "s3:PutObject")
    given.files.open(imports, PARTS, "s3:GetObject", "s3:PutObject")
    given.files.open(imports, UPLOADS, "s3:GetObject")
    subscription = given.bus.subscribe(
        "LeadImports", imports, "jobs.job.requested", timeout=TIMEOUT, at_once=AT_ONCE, late=LATE, batch_size=1
    )
    imports.role.add_to_policy(allow("sqs:SendMessage", resources=[subscription.queue.queue_arn]))
    imports.function.add_environment("LEAD_IMPORTS_QUEUE_URL", subscription.queue.queue_url)
