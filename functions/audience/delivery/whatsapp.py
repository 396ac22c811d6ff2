"""Templates through an API of the shape of WhatsApp's Cloud API, one attempt at a time.

A business may write first with an approved template only, so a message without one is refused before it is sent.
https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from functions.audience.delivery import answers, posting, providers
from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Provider
from shared import clock
from shared.egress.client import NotAnswered
from shared.sending.answers import Answer, Outcome

BASE: Final = "https://graph.facebook.com/v23.0"
LANGUAGE: Final = "en_US"

# https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes. A code says more than the status, which
# is 400 for most. What is wrong with a template is wrong for all who would be sent it, but for its parameters.
CODES: Final[Mapping[str, Outcome]] = {
    "0": "account",  # credentials
    "1": "ambiguous",  # invalid request or a failure of theirs
    "2": "retry",  # down for a while or overloaded
    "3": "account",  # capability or permission
    "4": "retry",  # calls of the app
    "10": "account",  # permission
    "33": "account",  # number of the business deleted
    "100": "refused",  # parameter not valid
    "190": "account",  # token expired
    "368": "account",  # blocked for a violation of policies
    "80007": "retry",  # calls of the business account
    "130429": "retry",  # throughput
    "130472": "refused",  # recipient is part of an experiment
    "130497": "refused",  # country not allowed
    "131000": "ambiguous",  # a failure of theirs
    "131005": "account",  # access denied
    "131008": "refused",  # parameter missing
    "131009": "refused",  # parameter not valid
    "131016": "ambiguous",  # a failure of theirs
    "131021": "refused",  # recipient is the sender
    "131026": "refused",  # recipient not reachable
    "131030": "refused",  # recipient not on the list of a test number
    "131031": "account",  # account locked
    "131042": "account",  # payment
    "131045": "account",  # number not registered
    "131047": "refused",  # more than 24 hours since the recipient wrote
    "131048": "account",  # too many messages were blocked or reported
    "131049": "refused",  # recipient has had enough marketing
    "131050": "refused",  # recipient has opted out
    "131051": "refused",  # type of message not supported
    "131056": "retry",  # too many to this recipient
    "131057": "retry",  # account in maintenance
    "132000": "refused",  # number of parameters
    "132001": "account",  # no such template
    "132005": "refused",  # text with its parameters too long
    "132007": "account",  # template violates a policy
    "132012": "refused",  # format of a parameter
    "132015": "account",  # template paused
    "132016": "account",  # template disabled
    "133004": "retry",  # down for a while
    "133010": "account",  # number not registered
}
_PERMISSIONS: Final = range(200, 300)


def send(provider: Provider, message: Message) -> Answer:
    """Send a template once. Raises Unavailable where the stage cannot unseal."""
    if message.template_name is None:
        return Answer("refused", "template_missing")
    settings = provider.settings
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {providers.secret_of(provider, 'access_token')}",
    }
    url = f"{settings.get('base_url') or BASE}/{settings['phone_number_id']}/messages"
    body = json.dumps(_body(message, message.template_name, settings.get("language") or LANGUAGE)).encode()
    try:
        reply, said = posting.post(url, body, headers)
    except NotAnswered as failure:
        return answers.missing(failure)
    error = said.get("error")
    code = posting.text(error.get("code")) if isinstance(error, dict) else None
    return answers.of(reply, code=code, known=meaning(code), message_id=_message_id(said), now=clock.now())


def meaning(code: str | None) -> Outcome | None:
    """Return what a code means, None for one that is not known."""
    if code is not None and code.isdecimal() and int(code) in _PERMISSIONS:
        return "account"
    return CODES.get(code or "")


def _body(message: Message, template_name: str, language: str) -> dict[str, Any]:
    template: dict[str, Any] = {"name": template_name, "language": {"code": language}}
    if message.variables:
        template["components"] = [{"type": "body", "parameters": _parameters(message.variables)}]
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.to,
        "type": "template",
        "template": template,
        "biz_opaque_callback_data": message.send_id,
    }


def _parameters(variables: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the parameters of a template: in their order where it numbers them, else under their names."""
    if all(name.isdecimal() for name in variables):
        return [{"type": "text", "text": variables[name]} for name in sorted(variables, key=int)]
    return [{"type": "text", "parameter_name": name, "text": text} for name, text in variables.items()]


def _message_id(said: Mapping[str, Any]) -> str | None:
    taken = said.get("messages")
    first = taken[0] if isinstance(taken, list) and taken else None
    return posting.text(first.get("id")) if isinstance(first, dict) else None
