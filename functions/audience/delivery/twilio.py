"""SMS through Twilio, one attempt at a time. It takes the same message twice, so nothing that may be taken is repeated.

Receipts come to the address in `StatusCallback`, which names provider, campaign and lead.
https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
"""

import base64
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from functions.audience.delivery import answers, kinds, posting, providers
from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Provider
from shared import clock, config
from shared.egress.client import NotAnswered
from shared.sending.answers import Answer, Outcome

BASE: Final = "https://api.twilio.com"

# https://www.twilio.com/docs/api/errors. What is said of one number is `refused`, also where another account could
# reach it: a campaign that pauses for a number would pause for it again.
CODES: Final[Mapping[str, Outcome]] = {
    "10001": "account",  # account not active
    "14107": "retry",  # message rate exceeded
    "20003": "account",  # credentials
    "20005": "account",  # account not active
    "20006": "account",  # access denied
    "20404": "account",  # no such account
    "20429": "retry",  # too many requests
    "21211": "refused",  # no number to send to
    "21212": "account",  # no number to send from
    "21408": "refused",  # region not enabled
    "21603": "account",  # no sender
    "21606": "account",  # sender cannot send
    "21608": "refused",  # a trial account sends to verified numbers
    "21610": "refused",  # recipient has opted out
    "21611": "retry",  # queue of the sender full
    "21612": "refused",  # recipient not reachable from this sender
    "21614": "refused",  # recipient takes no SMS
    "21617": "refused",  # text too long
    "21659": "account",  # sender not of Twilio
    "21660": "account",  # sender of another account
    "21703": "account",  # service without senders
    "21705": "account",  # no such service
    "21730": "retry",  # maintenance
    "30002": "account",  # account suspended
    "63017": "retry",  # rate of the account
    "63038": "account",  # daily quota
}


def send(provider: Provider, message: Message) -> Answer:
    """Send a text once. Raises Unavailable where the stage cannot unseal."""
    settings = provider.settings
    sid, token = settings["account_sid"], providers.secret_of(provider, "auth_token")
    service = settings.get("messaging_service_sid")
    sender = {"MessagingServiceSid": service} if service else {"From": settings["from"]}
    fields = {"To": message.to, **sender, "Body": message.text, "StatusCallback": _callback(provider, message)}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": f"Basic {base64.b64encode(f'{sid}:{token}'.encode()).decode()}",
    }
    url = f"{settings.get('base_url') or BASE}/2010-04-01/Accounts/{sid}/Messages.json"
    try:
        reply, said = posting.post(url, urlencode(fields, errors="replace").encode(), headers)
    except NotAnswered as failure:
        return answers.missing(failure)
    code = posting.text(said.get("code"))
    known, message_id = CODES.get(code or ""), posting.text(said.get("sid"))
    return answers.of(reply, code=code, known=known, message_id=message_id, now=clock.now())


def _callback(provider: Provider, message: Message) -> str:
    named = {"provider": provider.provider_id, "campaign": message.campaign_id, "lead": message.lead_id}
    return f"{config.api_url()}{kinds.RECEIPT}?{urlencode(named)}"
