"""Notices: messages outside of campaigns, such as the question for a consent, each of which goes out once.

A notice is written in the transaction of what it tells of, and its consumer sends it. It claims the notice before the
call and records the outcome after it. A consumer that dies in between leaves a claim whose lease ends: a provider that
dedupes is then called again with the same `send_id`, of any other the notice is `unknown` and stays unsent.

A notice holds no address and no text: its consumer makes the message of what is stored when it sends.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from functions.audience.delivery import senders
from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Provider
from shared import clock
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.observability import logger
from shared.sending.answers import Answer
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import ABSENT, Put, Write, unchanged

State = Literal["waiting", "sending", "sent", "failed", "unknown"]

KEPT: Final[Instant] = 14 * clock.DAY
"""A notice is kept as long as a queue keeps the message that asks for it."""
LEASE: Final[Instant] = 60 * SECOND
_ENTITY: Final = "Notice"
_OVER: Final = frozenset({"sent", "failed", "unknown"})


class Notice(NamedTuple):
    """A notice as it is stored. `about` says what it tells of, by ids; `reason` why it failed or is `unknown`."""

    tenant_id: str
    send_id: str
    created_at: str
    about: Mapping[str, str]
    ttl: int
    version: int
    state: State = "waiting"
    claimed_until: Instant = 0
    reason: str | None = None

    @property
    def is_over(self) -> bool:
        """Return whether nothing follows any more."""
        return self.state in _OVER

    @property
    def may_be_sent(self) -> bool:
        """Return whether a call was made, or was about to be, whose outcome nobody has recorded."""
        return self.state == "sending"


class Prepared(NamedTuple):
    """A message, and the provider that it goes out through."""

    provider: Provider
    message: Message


class NoticeDropped(Exception):
    """What the notice tells of is not so any more, or nobody can be told; its text is the reason."""


Ended = Callable[[Notice], Sequence[Write]]
"""Returns what is written with the outcome of a notice."""


def key(tenant_id: str, send_id: str) -> Key:
    """Return the key of a notice."""
    return Key(f"TENANT#{tenant_id}#NOTICE#{send_id}", "NOTICE")


def new(tenant_id: str, send_id: str, *, about: Mapping[str, str], at: Instant) -> Notice:
    """Return a notice that is to be sent."""
    return Notice(tenant_id, send_id, clock.to_rfc3339(at), about, (at + KEPT) // SECOND, version=1)


def intended(notice: Notice) -> Put:
    """Return the write of a new notice, for the transaction of what it tells of."""
    return Put(records.to_item(key(notice.tenant_id, notice.send_id), _ENTITY, notice), ABSENT)


def find(tenant_id: str, send_id: str) -> Notice | None:
    """Return a notice, read consistently."""
    item = table.get(key(tenant_id, send_id), consistent=True)
    return None if item is None else records.from_item(Notice, item)


def send(notice: Notice, prepare: Callable[[], Prepared], *, is_last_try: bool, ended: Ended = lambda _: ()) -> None:
    """Send a notice as it was read, unless it is over. `prepare` only reads, and may raise NoticeDropped.

    Raises Unavailable where the notice is to be looked at again: a consumer has it, or its provider takes nothing now.
    The last try ends a notice whose provider still takes nothing.
    """
    if notice.is_over:
        return
    now = clock.now()
    if notice.claimed_until > now:
        raise Unavailable("Another consumer is sending the notice.")
    try:
        prepared = prepare()
    except NoticeDropped as dropped:
        _record(notice, "unknown" if notice.may_be_sent else "failed", reason=str(dropped), ended=ended)
        return
    if notice.may_be_sent and not prepared.provider.dedupes:
        _record(notice, "unknown", reason="interrupted", ended=ended)
        return
    claimed = _written(notice, notice._replace(state="sending", claimed_until=now + LEASE))
    try:
        answer = senders.send(prepared.provider, prepared.message)
    except Unavailable:
        # Nothing was sent by this attempt.
        _record(claimed, notice.state, reason=None)
        raise
    state = _following(notice, answer, dedupes=prepared.provider.dedupes, is_last_try=is_last_try)
    logger.info("notice attempted", provider_id=prepared.provider.provider_id, outcome=answer.outcome, state=state)
    _record(claimed, state, reason=answer.reason or answer.outcome, ended=ended)
    if state not in _OVER:
        raise Unavailable("The provider does not take the notice now.")


def _following(notice: Notice, answer: Answer, *, dedupes: bool, is_last_try: bool) -> State:
    """Return the state that follows from an answer to a notice as it was before the call."""
    if answer.outcome == "accepted":
        return "sent"
    if answer.outcome == "refused":
        return "failed"
    if answer.outcome == "ambiguous":
        return "unknown" if is_last_try or not dedupes else "sending"
    if not is_last_try:
        return notice.state
    return "unknown" if notice.may_be_sent else "failed"


def _record(notice: Notice, state: State, *, reason: str | None, ended: Ended = lambda _: ()) -> None:
    after = notice._replace(state=state, claimed_until=0, reason=reason if state in {"failed", "unknown"} else None)
    _written(notice, after, also=ended(after) if after.is_over else ())


def _written(before: Notice, after: Notice, *, also: Sequence[Write] = ()) -> Notice:
    """Write a notice as it was read and return it. Raises Unavailable, also where somebody else has changed it."""
    stored = after._replace(version=before.version + 1)
    item = records.to_item(key(after.tenant_id, after.send_id), _ENTITY, stored)
    try:
        table.transact([Put(item, unchanged(before.version)), *also])
    except (ConditionFailed, Contended) as error:
        raise Unavailable("The notice was changed at the same time.") from error
    return stored
