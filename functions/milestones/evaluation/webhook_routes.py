"""Webhooks of the evaluator over REST: open to everybody, believed by their signature."""

from aws_lambda_powertools.event_handler import Response

from functions.milestones import replies
from functions.milestones.evaluation import webhooks
from functions.milestones.resolver import MILESTONES, api
from functions.milestones.shapes import EvaluatorWebhook
from shared.api import bodies, rate_limits
from shared.api.rest import PUBLIC, answer
from shared.errors import InvalidInput, Malformed, TooLarge, UnsupportedMedia


@api.operation(
    "POST",
    f"{MILESTONES}/webhooks/milestone-complete",
    scope=PUBLIC,
    summary="Tell what was evaluated",
    limit=rate_limits.DEFAULT,
    answers={200: replies.ReceivedWebhook},
    refusals=(
        Malformed,
        webhooks.MilestoneIdMissing,
        webhooks.WebhookNotVerified,
        webhooks.UnknownEvaluatorMilestone,
        TooLarge,
        UnsupportedMedia,
        InvalidInput,
    ),
)
@api.reads(EvaluatorWebhook)
def receive_webhook() -> Response[str]:
    """Take what the evaluator says of a milestone, signed by Standard Webhooks 1.0.0 with the secret of the stage.

    A `webhook-id` counts once, and a status only moves forward. No API key of a client is asked for or good for this.
    """
    event = api.current_event
    headers = {name.lower(): value for name, value in event.raw_event["headers"].items()}
    raw = bodies.raw(event, headers)
    media_type = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMedia(f"Send the webhook as application/json, not as {media_type}.")
    came = webhooks.read(raw, webhooks.verified(raw, headers))
    return answer(200, webhooks.receive(came))
