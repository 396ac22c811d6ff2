"""What the evaluator keeps, in SQLite: milestones, which request made them, and what is still to be told."""

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS milestones (id TEXT PRIMARY KEY, wanted TEXT NOT NULL, target TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending', current_value TEXT NOT NULL DEFAULT '0', completed_on TEXT);
CREATE TABLE IF NOT EXISTS requests (idempotency_key TEXT PRIMARY KEY, milestone_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (webhook_id TEXT PRIMARY KEY, body TEXT NOT NULL, attempts INTEGER NOT NULL,
  due_at REAL NOT NULL);
"""


class Store:
    """The storage of one evaluator; every method is a transaction, one at a time."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def add(self, wanted: dict[str, Any], *, idempotency_key: str) -> str:
        """Return the id of a new milestone, or of the one that this key has made before, even if it is gone."""
        with self._changing() as connection:
            made = connection.execute(
                "SELECT milestone_id FROM requests WHERE idempotency_key = ?", (idempotency_key,)
            ).fetchone()
            if made is not None:
                return str(made["milestone_id"])
            id_ = f"m_{secrets.token_hex(8)}"
            row = (id_, json.dumps(wanted), json.dumps(wanted["target"]))
            connection.execute("INSERT INTO milestones (id, wanted, target) VALUES (?, ?, ?)", row)
            connection.execute("INSERT INTO requests VALUES (?, ?)", (idempotency_key, id_))
            return id_

    def find(self, id_: str) -> dict[str, Any] | None:
        """Return a milestone, None if there is none."""
        with self._changing() as connection:
            row = connection.execute("SELECT * FROM milestones WHERE id = ?", (id_,)).fetchone()
        return None if row is None else dict(row)

    def all(self) -> list[dict[str, Any]]:
        """Return every milestone."""
        with self._changing() as connection:
            return [dict(row) for row in connection.execute("SELECT * FROM milestones ORDER BY rowid")]

    def change(self, id_: str, **columns: str | None) -> None:
        """Change columns of a milestone."""
        names = ", ".join(f"{name} = ?" for name in columns)
        with self._changing() as connection:
            # The names are those of the callers in this package.
            connection.execute(f"UPDATE milestones SET {names} WHERE id = ?", (*columns.values(), id_))  # noqa: S608

    def remove(self, id_: str) -> bool:
        """Remove a milestone and tell whether there was one."""
        with self._changing() as connection:
            return connection.execute("DELETE FROM milestones WHERE id = ?", (id_,)).rowcount == 1

    def promise(self, webhook_id: str, body: str, *, due_at: float) -> None:
        """Keep a webhook until it is delivered."""
        with self._changing() as connection:
            connection.execute("INSERT INTO deliveries VALUES (?, ?, 0, ?)", (webhook_id, body, due_at))

    def promised(self) -> list[dict[str, Any]]:
        """Return the webhooks that are not delivered, in the order of their making."""
        with self._changing() as connection:
            return [dict(row) for row in connection.execute("SELECT * FROM deliveries ORDER BY rowid")]

    def delivered(self, webhook_id: str) -> None:
        """Forget a webhook."""
        with self._changing() as connection:
            connection.execute("DELETE FROM deliveries WHERE webhook_id = ?", (webhook_id,))

    def postpone(self, webhook_id: str, *, due_at: float) -> None:
        """Keep a webhook for another attempt."""
        with self._changing() as connection:
            connection.execute(
                "UPDATE deliveries SET attempts = attempts + 1, due_at = ? WHERE webhook_id = ?", (due_at, webhook_id)
            )

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection:
            yield self._connection
