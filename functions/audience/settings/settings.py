"""What a tenant has decided about its audience, and the key that makes digests of e-mail addresses and numbers.

Who may be written to, how often and when is decided here; what it means is said in `functions/audience/respect`.

The key is random, made with the first lead, and sealed under the secret that peppers API keys. It never changes, so an
address has one digest for ever, in this tenant only; who reads the table alone can neither make nor test one.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared import clock, sealing
from shared.callers import api_keys
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes, records, table, versions
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, unchanged

KEPT: Final = 60 * clock.SECOND
_KEY_BYTES: Final = 32
_MOST: Final = 1_000

View = dict[str, Any]


class PhonesShared(Conflict):
    """409: telephone numbers have not identified leads for a while, so several leads may have one by now."""

    def __init__(self) -> None:
        super().__init__("Several leads may share a telephone number by now, so numbers cannot identify leads again.")


QUIET: Final[Mapping[str, Mapping[str, str]]] = {"sms": {"begins": "21:00", "ends": "08:00"}}
"""By channel, from when until when nobody is disturbed, where a tenant has not decided otherwise."""


class Settings(NamedTuple):
    """The settings of an audience.

    Attributes:
        sealed_key: makes digests.
        phones_identify: False where people share phones.
        consent_required: the channels on which marketing needs consent, besides those on which it always does.
        quiet_hours: by channel, from when (`begins`) until when (`ends`).
        frequency_cap: so many `messages` of marketing in so many `days`, None for any number.
        records_contacts: whether it is kept when each lead was written to; always with a cap.
        topics: what somebody may unsubscribe from, by its name in consents, as people read it.
        sender_name: who writes, as people read it.
        postal_address: of who writes, in one text.
        language: of what people read here, a tag of BCP 47; None for that of the tenant.
    """

    sealed_key: str
    version: int
    phones_identify: bool = True
    consent_required: Sequence[str] = ()
    quiet_hours: Mapping[str, Mapping[str, str]] = QUIET
    frequency_cap: Mapping[str, int] | None = None
    records_contacts: bool = False
    topics: Mapping[str, str] = {}
    sender_name: str | None = None
    postal_address: str | None = None
    language: str | None = None

    @property
    def keeps_contacts(self) -> bool:
        """Whether it is kept when each lead was written to."""
        return self.records_contacts or self.frequency_cap is not None


class Digests(NamedTuple):
    """What makes digests of a tenant."""

    secret: bytes

    def of(self, kind: str, text: str) -> str:
        """Return the digest of a text of this kind, in hexadecimal digits."""
        return hmac.digest(self.secret, f"{kind} {text}".encode(), "sha256").hex()


class Audience(NamedTuple):
    """The settings of an audience, and what makes its digests."""

    settings: Settings
    digests: Digests

    @property
    def phones_identify(self) -> bool:
        """Whether two leads with the same telephone number are one."""
        return self.settings.phones_identify


_seen: dict[str, tuple[Instant, Audience]] = {}


def key(tenant_id: str) -> Key:
    """Return the key of the settings of an audience."""
    return Key(f"TENANT#{tenant_id}#AUDIENCE", "AUDIENCE")


def find(tenant_id: str) -> Audience | None:
    """Return the audience of a tenant, None before its first lead; at most one read a minute and instance."""
    now = clock.now()
    if (seen := _seen.get(tenant_id)) is not None and now - seen[0] < KEPT:
        return seen[1]
    item = table.get(key(tenant_id), consistent=True)
    return None if item is None else _remembered(tenant_id, item, now)


def of(tenant_id: str) -> Audience:
    """Return the audience of a tenant, and begin it if there is none."""
    return find(tenant_id) or _begun(tenant_id)


def show(tenant_id: str) -> View:
    """Return what callers see of the settings of a tenant."""
    item = table.get(key(tenant_id))
    return _view(Settings("", 0) if item is None else from_item(item))


def change(tenant_id: str, wanted: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change settings and return them; other instances see it within a minute. Raises PhonesShared, VersionChanged."""

    def plan() -> Plan[View]:
        there = table.get(key(tenant_id), consistent=True)
        before = _new(tenant_id) if there is None else from_item(there)
        versions.require(if_match, before.version)
        after = before._replace(**wanted)
        if after == before:
            return Plan(_view(before))
        if after.phones_identify and not before.phones_identify:
            raise PhonesShared
        after = after._replace(version=before.version + 1)
        condition = ABSENT if there is None else unchanged(before.version)
        return Plan(_view(after), [Put(to_item(tenant_id, after), condition)])

    made = changes.make(plan)
    forget()
    return made


def forget() -> None:
    """Forget what was read, as a new instance has read nothing."""
    _seen.clear()


def to_item(tenant_id: str, settings: Settings) -> Item:
    """Return the item of the settings of a tenant."""
    return records.to_item(key(tenant_id), "Audience", settings)


def from_item(item: Item) -> Settings:
    """Return the settings of an item."""
    found = records.from_item(Settings, item)
    return found._replace(consent_required=tuple(found.consent_required))


def _begun(tenant_id: str) -> Audience:
    """Make the key of a tenant, unless somebody else was faster."""

    def plan() -> Plan[Item]:
        there = table.get(key(tenant_id), consistent=True)
        if there is not None:
            return Plan(there)
        made = to_item(tenant_id, _new(tenant_id)._replace(version=1))
        return Plan(made, [Put(made, ABSENT)])

    return _remembered(tenant_id, changes.make(plan), clock.now())


def _new(tenant_id: str) -> Settings:
    """Return the settings of an audience that begins, with a new key."""
    secret = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    return Settings(sealing.seal(api_keys.pepper, secret, owner=_owner(tenant_id)), version=0)


def _remembered(tenant_id: str, item: Item, now: Instant) -> Audience:
    if len(_seen) >= _MOST:
        _seen.clear()
    settings = from_item(item)
    secret = base64.b64decode(sealing.unseal(api_keys.pepper, settings.sealed_key, owner=_owner(tenant_id)))
    found = Audience(settings, Digests(secret))
    _seen[tenant_id] = now, found
    return found


def _owner(tenant_id: str) -> str:
    return f"audience {tenant_id}"


def _view(settings: Settings) -> View:
    seen = {name: value for name, value in settings._asdict().items() if name != "sealed_key"}
    return {**seen, "consent_required": [*settings.consent_required]}
