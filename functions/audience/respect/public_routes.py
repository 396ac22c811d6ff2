"""The pages of those who get messages, over REST: unsubscribing, and confirming a consent.

The token is in the query, so that no access log has it. A GET only shows a page, for programs that look for harm open
the links of a mail before its reader does; what changes something is a POST, which needs no cookie (RFC 8058).
Programs that show a mail add what they like to the query, which keeps nobody from leaving.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, NamedTuple
from urllib.parse import parse_qs

from functions.audience.leads import consent
from functions.audience.resolver import api
from functions.audience.respect import links, pages, shown, wording
from functions.audience.respect.links import Link, MessageLinkNotFound
from functions.audience.respect.refusals import OptInOver
from functions.audience.respect.wording import Texts
from functions.audience.settings import settings
from shared.api import bodies
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC
from shared.callers import tenant_settings
from shared.errors import InvalidInput

replies = Replies("functions.audience.respect.replies")

Token = Annotated[str, Query(max_length=links.LONGEST, description="The token of the link in the message.")]

_MOST_FIELDS: Final = 100
_LONGEST_FORM: Final = 16 * 1024


class Surroundings(NamedTuple):
    """What a page says besides what it is about."""

    texts: Texts
    sender: str | None
    topics: Mapping[str, str]


@api.operation(
    "GET",
    links.UNSUBSCRIBE,
    scope=PUBLIC,
    summary="See what can be unsubscribed from",
    answers={200: replies.Page},
    refusals=(InvalidInput,),
    ignores_unknown_queries=True,
)
def show_unsubscribe(token: Token) -> Response:
    """Show the page that unsubscribes whoever got the link, or says that it is no link. Opening it changes nothing."""
    try:
        link = links.read(token, "unsubscribe")
    except MessageLinkNotFound:
        return shown.no_link()
    texts, sender, topics = _surroundings(link)
    return shown.page(texts, pages.unsubscribe(texts, sender, topics, link.topic))


@api.operation(
    "POST",
    links.UNSUBSCRIBE,
    scope=PUBLIC,
    summary="Unsubscribe",
    answers={200: replies.Page},
    refusals=(InvalidInput, MessageLinkNotFound),
    ignores_unknown_queries=True,
)
def unsubscribe(token: Token) -> Response:
    """Suppress the address that got the link, at once; twice is once.

    A form with `choose` and any number of `topic`s unsubscribes from these topics, one with `all` from the channel. Any
    other body, such as `List-Unsubscribe=One-Click`, unsubscribes from the topic of the message, or from the channel
    where it has none.
    """
    # What only this needs does not make every cold start longer.
    from functions.audience.respect import unsubscribing  # noqa: PLC0415

    link = links.read(token, "unsubscribe")
    around = _surroundings(link)
    topics = _chosen(_form(), link, around.topics)
    if topics is None:
        return shown.page(around.texts, pages.nothing_chosen(around.texts))
    unsubscribing.unsubscribe(link, topics)
    named = {each: around.topics.get(each, each) for each in topics}
    return shown.page(around.texts, pages.unsubscribed(around.texts, named))


@api.operation(
    "GET",
    links.OPT_IN,
    scope=PUBLIC,
    summary="See what is to be agreed to",
    answers={200: replies.Page},
    refusals=(InvalidInput,),
    ignores_unknown_queries=True,
)
def show_opt_in(token: Token) -> Response:
    """Show the page on which whoever got the link agrees to messages. Opening it changes nothing."""
    from functions.audience.respect import opt_ins  # noqa: PLC0415 - as above

    try:
        link = links.read(token, "opt_in")
    except MessageLinkNotFound:
        return shown.no_link()
    texts, sender, _ = _surroundings(link)
    try:
        return shown.page(texts, pages.opt_in(texts, sender, opt_ins.shown(link)))
    except OptInOver:
        return shown.page(texts, pages.over(texts))


@api.operation(
    "POST",
    links.OPT_IN,
    scope=PUBLIC,
    summary="Agree to messages",
    answers={200: replies.Page},
    refusals=(InvalidInput, MessageLinkNotFound),
    ignores_unknown_queries=True,
)
def opt_in(token: Token) -> Response:
    """Grant the consent that the link asks for, with the text of its page as evidence; twice is once.

    A link that has ended grants nothing; its page says so to whoever pressed the button.
    """
    from functions.audience.respect import opt_ins  # noqa: PLC0415 - as above

    link = links.read(token, "opt_in")
    texts = _surroundings(link).texts
    try:
        opt_ins.confirm(link)
    except OptInOver:
        return shown.page(texts, pages.over(texts))
    return shown.page(texts, pages.opted_in(texts))


def _surroundings(link: Link) -> Surroundings:
    audience, tenant = settings.of(link.tenant_id), tenant_settings.of(link.tenant_id)
    texts = wording.of(audience.settings.language, tenant.locale)
    topics = dict(audience.settings.topics)
    if link.topic is not None:
        topics.setdefault(link.topic, link.topic)
    return Surroundings(texts, audience.settings.sender_name, topics)


def _form() -> Mapping[str, Sequence[str]]:
    """Return the fields of the form that was sent; none of what is no form."""
    sent = bodies.readable(api.request)
    if len(sent) > _LONGEST_FORM:
        return {}
    try:
        return parse_qs(sent, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}


def _chosen(form: Mapping[str, Sequence[str]], link: Link, topics: Mapping[str, str]) -> Sequence[str] | None:
    """Return the topics that somebody chose, none for all of the channel; None where they chose nothing."""
    if "all" in form:
        return ()
    if "choose" in form:
        named = (each for each in form.get("topic", ()) if each in topics)
        chosen = [each for each in dict.fromkeys(named) if consent.is_subject(f"{link.channel}/{each}")]
        return chosen or None
    return () if link.topic is None else (link.topic,)
