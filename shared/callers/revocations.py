"""What can be revoked before it expires: all tokens of a user by their epoch, those of one session by a denial.

Identity writes both items; everybody who verifies a token reads both in one call. A user whose tokens were never
revoked may have no epoch item, which counts as epoch 0.

Denied is the session, not the single `jti`: a client that signs out has refreshed its token a moment before as likely
as not, and that token has to die as well.
"""

from shared.storage.attributes import Key


def epoch_key(user_id: str) -> Key:
    """Return the key of the epoch of a user: tokens of any other epoch are revoked."""
    return Key(f"USER#{user_id}", "EPOCH")


def denial_key(user_id: str, session_id: str) -> Key:
    """Return the key of the denial of a session: while it is there, the session's tokens are revoked."""
    return Key(f"USER#{user_id}", f"DENIAL#{session_id}")


def is_revoked(*, user_id: str, session_id: str, epoch: int) -> bool:
    """Tell whether a token that verifies has been revoked; one strongly consistent call. Raises Unavailable."""
    from shared.storage import table  # noqa: PLC0415 - for a cold start: a malformed token needs no read

    keys = [epoch_key(user_id), denial_key(user_id, session_id)]
    current, denial = table.get_many(keys, consistent=True)
    return denial is not None or epoch != (current["epoch"] if current else 0)
