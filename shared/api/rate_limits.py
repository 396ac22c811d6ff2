"""How often somebody may call: a token bucket per principal, in the table, and an account of it in every instance.

A principal is a user, an API key, a session, the e-mail address that somebody signs in with, the tenant that invites,
or, where nobody is known, a source address. Its bucket is one number, the instant at which it will be full again
(`tat`, the theoretical arrival time of the generic cell rate algorithm, ITU-T I.371): a request puts it off by the time
in which one request comes back, and is refused when it would lie further ahead than a whole burst.

An instance writes requests down in its account and settles them with the table in one conditional write when they are
a chunk, a tenth of the burst (five of wrong credentials). So whoever is fast costs a write a chunk. What is owed melts
at a twentieth of the rate: whoever is slower than that costs none. What the bucket lets through is exact; the accounts
let through more:

    in any `w` seconds, over `n` instances:  at most  burst + rate * w + n * (chunk + rate * w / 20)  requests

One instance alone refuses what it knows that the table would, so it lets through `burst + rate * w * 21 / 20`.
When the table does not answer, a chunk is forgiven: better a request too many than to refuse because none is counted.
"""

import functools
import hashlib
from collections import OrderedDict
from collections.abc import Mapping

from shared import clock, policies
from shared.callers.caller import Caller
from shared.errors import TooManyRequests, Unavailable
from shared.policies import ACCOUNT, ADDRESS, DEFAULT, INVITATION, INVITED, SESSION, AddressLimit, Name, Policy
from shared.storage.attributes import Key

# All times here are in microseconds: the interval of 1000 requests a second is a whole number of them.
_MILLISECOND = 1000
_SECOND = 1_000_000
_MELTING = 20
_MAX_ACCOUNTS = 10_000
_REMEMBERED = 60 * _SECOND


class RateLimited(TooManyRequests):
    """429: more requests than your rate allows; come back after `Retry-After` seconds."""


# A plain class: making a dataclass of it is a hundredth of a cold start.
class _Account:
    """What an instance knows of a bucket: `owed` is not settled yet, `tat` was true when it was last heard of."""

    __slots__ = ("at", "owed", "tat")

    def __init__(self, *, owed: int, at: int, tat: int) -> None:
        self.owed = owed
        self.at = at
        self.tat = tat


# A key whose rate is changed gets another account: what it owes is time, of which the new rate makes something else.
_accounts: OrderedDict[tuple[str, Policy], _Account] = OrderedDict()


def count_caller(caller: Caller) -> Mapping[str, str]:
    """Count a request of a known caller, and return the headers that say how many are left. Raises RateLimited."""
    if caller.key_id is None:
        return _count(caller.user_id, policies.of_stage(DEFAULT))
    rate = caller.rate_limit
    return _count(f"key_{caller.key_id}", policies.of_stage(DEFAULT) if rate is None else policies.of(DEFAULT, rate))


def count_address(address: str, name: AddressLimit = ADDRESS) -> Mapping[str, str]:
    """Count a request of nobody known against its source address; otherwise as `count_caller`."""
    return _count(_of_address(address), policies.of_stage(name))


def require_room(address: str, name: AddressLimit) -> None:
    """Require that one more could be counted against a source address, and count nothing. Raises RateLimited."""
    policy, now = policies.of_stage(name), clock.now() * _MILLISECOND
    account = _accounts.get((_of_address(address), policy))
    level = _level(account, policy, now) if account else 0
    if level > policy.capacity:
        raise _refusal(policy, level)


def count_account(email: str) -> Mapping[str, str]:
    """Count a sign-in with an e-mail address, whoever tries from wherever; otherwise as `count_caller`."""
    return _count(_of_email(email), policies.of_stage(ACCOUNT))


def count_invited(email: str, *, tenant_id: str, address: str) -> None:
    """Count a registration with an invitation of a tenant to this e-mail address. Raises RateLimited.

    It counts where it comes from, then against the e-mail address, then against the tenant: what is refused
    for one of these counts against none behind it.
    """
    count_address(address, INVITED)
    _count(_of_email(email), policies.of_stage(INVITATION))
    _count(tenant_id, policies.of_stage(INVITED))


def count_session(session_id: str) -> Mapping[str, str]:
    """Count a refresh of a session; otherwise as `count_caller`."""
    return _count(session_id, policies.of_stage(SESSION))


def forget() -> None:
    """Let go of every account of this process and of the rates of the stage; what was settled is in the table."""
    _accounts.clear()
    policies.of_stage.cache_clear()


def bucket_key(principal: str, name: Name) -> Key:
    """Return the key of a bucket of a principal."""
    return Key(f"RATE#{principal}", f"RATE#{name}")


def _of_email(email: str) -> str:
    """Return the principal of an e-mail address, which its digest stands for."""
    return f"account_{hashlib.sha256(email.encode(errors='replace')).hexdigest()[:32]}"


def _of_address(address: str) -> str:
    """Return the principal of a source address."""
    return _network(address) if ":" in address else f"ip_{address}"


@functools.lru_cache(maxsize=1000)
def _network(address: str) -> str:
    """Return the principal of an IPv6 address: its /64, which one customer has, or the IPv4 address it stands for."""
    import ipaddress  # noqa: PLC0415 - most addresses are IPv4, and a cold start is shorter without

    try:
        parsed = ipaddress.IPv6Address(address)
    except ValueError:
        return "ip_unknown"
    if parsed.ipv4_mapped is not None:
        return f"ip_{parsed.ipv4_mapped}"
    return f"ip_{ipaddress.IPv6Network((parsed, 64), strict=False)}"


def _count(principal: str, policy: Policy) -> Mapping[str, str]:
    now = clock.now() * _MILLISECOND
    account = _accounts.get((principal, policy)) or _opened(principal, policy, now)
    level = _level(account, policy, now)
    if level > policy.capacity:
        raise _refusal(policy, level)
    account.owed += policy.interval
    if account.owed >= policy.chunk:
        level = _settled(principal, account, policy, now)
        if level > policy.capacity:
            account.owed -= policy.interval
            raise _refusal(policy, level)
    return _headers(policy, (policy.capacity - level) // policy.interval, -(-level // _SECOND))


def _level(account: _Account, policy: Policy, now: int) -> int:
    """Return how full the bucket would be with one request more, as far as this instance knows.

    What is known of a bucket is at most what it holds, so what is refused by it the table would refuse as well.
    """
    if now > account.at:
        account.owed = max(0, account.owed - (now - account.at) // _MELTING)
        account.at = now
    return max(0, account.tat - now) + account.owed + policy.interval


def _opened(principal: str, policy: Policy, now: int) -> _Account:
    account = _accounts[principal, policy] = _Account(owed=0, at=now, tat=0)
    if len(_accounts) > _MAX_ACCOUNTS:
        _accounts.popitem(last=False)
    return account


def _settled(principal: str, account: _Account, policy: Policy, now: int) -> int:
    """Settle what is owed and return how far ahead of now the bucket is; beyond its capacity, nothing is settled.

    One write, as a rule. Another one follows when others have filled the bucket, or when time has, without our knowing;
    as its instant never goes back, there are three at most.
    """
    from shared.storage import table  # noqa: PLC0415 - for a cold start: whoever is slow needs no write

    cost = account.owed
    while max(0, account.tat - now) + cost <= policy.capacity:
        try:
            account.tat = _write(bucket_key(principal, policy.name), account.tat, policy, cost=cost, now=now)
        except table.UpdateRefused as refused:
            account.tat = refused.item["tat"] if refused.item else 0
        except Unavailable:
            account.owed = 0
            break
        else:
            account.owed = 0
            return account.tat - now
    return max(0, account.tat - now) + cost


def _write(bucket: Key, known_tat: int, policy: Policy, *, cost: int, now: int) -> int:
    """Put the instant off at which the bucket is full again, and return it. Raises table.UpdateRefused, Unavailable."""
    from shared.storage import table  # noqa: PLC0415 - as above
    from shared.storage.writes import Condition  # noqa: PLC0415 - as above

    if known_tat < now:
        change = "#tat = :tat"
        values = {":tat": now + cost}
        condition = Condition("attribute_not_exists(#tat) OR #tat < :now", {"#tat": "tat"}, {":now": now})
    else:
        change = "#tat = #tat + :cost"
        values = {":cost": cost}
        limits = {":now": now, ":latest": now + policy.capacity - cost}
        condition = Condition("#tat BETWEEN :now AND :latest", {"#tat": "tat"}, limits)
    # It is full by then, which is what a bucket is that is not there.
    ttl = (now + policy.capacity + _REMEMBERED) // _SECOND
    written = table.update(
        bucket,
        f"SET {change}, #entity = :entity, #ttl = :ttl",
        names={"#entity": "entity", "#ttl": "ttl"},
        values={**values, ":entity": "RateLimit", ":ttl": ttl},
        condition=condition,
    )
    return int(written["tat"])


def _refusal(policy: Policy, level: int) -> RateLimited:
    """Return the refusal of a request that would have filled the bucket so far, and says when it no longer would."""
    seconds = -(-(level - policy.capacity) // _SECOND)
    headers = _headers(policy, 0, -(-(level - policy.interval) // _SECOND))
    detail = f"More than {policy.rate.requests_per_second} {policy.counted} a second; come back in {seconds} s."
    return RateLimited(detail, headers={**headers, "Retry-After": str(seconds)})


@functools.lru_cache(maxsize=4000)
def _headers(policy: Policy, remaining: int, reset_seconds: int) -> Mapping[str, str]:
    """Return what a caller is told: draft-ietf-httpapi-ratelimit-headers-11, and what was usual before it.

    The window of a policy is the time in which a whole burst comes back, as is `reset_seconds` for what is used.
    """
    burst = policy.rate.burst
    window_seconds = -(-policy.capacity // _SECOND)
    return {
        "RateLimit-Policy": f'"{policy.name}";q={burst};w={window_seconds}',
        "RateLimit": f'"{policy.name}";r={remaining};t={reset_seconds}',
        "X-RateLimit-Limit": str(burst),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(reset_seconds),
    }
