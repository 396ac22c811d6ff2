"""Webhooks of the evaluator over REST: open to everybody, believed by their signature."""

from functions.milestones.evaluation import webhooks
from functions.milestones.resolver import MILESTONES, api
from shared.api import bodies
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, answer
from shared.errors import InvalidInput, Malformed, TooLarge, UnsupportedMedia

replies = Replies("functions.milestones.replies")


shapes = Replies("functions.milestones.shapes")


@api.operation(
    "POST",
    f"{MILESTONES}/webhooks/milestone-complete",
    scope=PUBLIC,
    summary="Tell what was evaluated",
    answers={200: replies.ReceivedWebhook},
    reads=shapes.EvaluatorWebhook,
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
def receive_webhook() -> Response:
    """Take what the evaluator says of a milestone, signed by Standard Webhooks 1.0.0 with the secret of the stage.

    A `webhook-id` counts once, and a status only moves forward. No API key of a client is asked for or good for this.
    """
    headers = api.request.headers
    raw = bodies.raw(api.request)
    media_type = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMedia(f"Send the webhook as application/json, not as {media_type}.")
    came = webhooks.read(raw, webhooks.verified(raw, headers))
    return answer(200, webhooks.receive(came))
