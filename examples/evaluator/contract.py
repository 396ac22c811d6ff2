"""The contract: what the evaluator answers to Milepost, whoever carries request and answer."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from examples.evaluator.evaluation import Observation, judge
from examples.evaluator.store import Store

Answer = tuple[int, dict[str, Any]]


@dataclass
class Evaluator:
    """An evaluator with its storage and the series of its KPIs; a KPI without a series stays pending."""

    store: Store
    api_key: str
    series: dict[str, list[Observation]] = field(default_factory=dict)
    now: Callable[[], float] = time.time

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: str | None) -> Answer:
        """Return status and body of the answer to a request; header names are in lower case."""
        if not secrets.compare_digest(headers.get("x-api-key", ""), self.api_key):
            return 401, {"error": "Invalid API key"}
        parts = urlsplit(target)
        names = parts.path.strip("/").split("/")
        if method == "POST" and names == ["milestones"]:
            return self._create(body, headers.get("idempotency-key") or secrets.token_hex(16))
        if len(names) == 2 and names[0] == "milestones" and method in {"PATCH", "DELETE"}:
            found = self.store.find(names[1])
            if found is None:
                return 404, {"error": "Milestone not found"}
            if method == "DELETE":
                self.store.remove(found["id"])
                return 200, {"milestone_id": found["id"], "deleted": True}
            return self._retarget(found, parse_qs(parts.query).get("target", [""])[0])
        return 404, {"error": "Not found"}

    def observe(self, kpi_id: str, day: date, value: Decimal) -> None:
        """Take another value of a KPI, and tell what it changes."""
        self.series.setdefault(kpi_id, []).append(Observation(day, value))
        self.series[kpi_id].sort()
        self.evaluate()

    def forget(self, id_: str | None = None) -> None:
        """Lose a milestone, or all of them; nothing is told of that, and its request is remembered."""
        for found in self.store.all():
            if id_ in (None, found["id"]):
                self.store.remove(found["id"])

    def evaluate(self) -> None:
        """Judge every milestone, and promise a webhook for each that stands otherwise than before."""
        for found in self.store.all():
            before = found["status"], found["current_value"]
            after = self._judged(found)
            if before != (after["status"], after["current_value"]):
                self.tell(after)

    def tell(self, found: Mapping[str, Any]) -> str:
        """Promise the webhook that says how a milestone stands, and return its id."""
        day = found["completed_on"]
        said = {
            "milestone_id": found["id"],
            "status": found["status"],
            "current_value": json.loads(found["current_value"]),
            "target": json.loads(found["target"]),
            "completed_at": None if day is None else f"{day}T00:00:00Z",
            "metadata": {},
        }
        webhook_id = f"msg_{secrets.token_hex(12)}"
        self.store.promise(webhook_id, json.dumps(said), due_at=self.now())
        return webhook_id

    def _create(self, body: str | None, idempotency_key: str) -> Answer:
        try:
            wanted = json.loads(body or "")
            is_whole = bool(wanted["project_id"] and wanted["kpi_id"]) and wanted["target"] > 0
        except (ValueError, KeyError, TypeError):
            is_whole = False
        if not is_whole:
            return 400, {"error": "Missing required fields: project_id, kpi_id, target"}
        id_ = self.store.add(wanted, idempotency_key=idempotency_key)
        found = self.store.find(id_)
        if found is not None and self._judged(found)["status"] != found["status"]:
            self.tell(self._judged(found))
        return 201, {"milestone_id": id_}

    def _retarget(self, found: dict[str, Any], text: str) -> Answer:
        try:
            target = json.loads(text)
            is_good = not isinstance(target, bool) and target > 0
        except (ValueError, TypeError):
            is_good = False
        if not is_good:
            return 400, {"error": "target must be a number greater than 0"}
        self.store.change(found["id"], target=json.dumps(target))
        after = self._judged({**found, "target": json.dumps(target)})
        return 200, {
            "milestone_id": found["id"],
            "old_status": found["status"],
            "new_status": after["status"],
            "old_target": json.loads(found["target"]),
            "new_target": target,
            "current_value": json.loads(after["current_value"]),
            "status_changed": found["status"] != after["status"],
        }

    def _judged(self, found: dict[str, Any]) -> dict[str, Any]:
        """Judge a milestone, keep the verdict and return the milestone with it."""
        wanted = json.loads(found["wanted"])
        verdict = judge(
            self.series.get(wanted["kpi_id"], ()),
            Decimal(str(json.loads(found["target"]))),
            first_day=wanted.get("timeframe_from"),
            last_day=wanted.get("timeframe_to"),
            today=datetime.fromtimestamp(self.now(), UTC).date(),
        )
        columns = {
            "status": verdict.status,
            "current_value": str(verdict.current_value),
            "completed_on": None if verdict.completed_on is None else verdict.completed_on.isoformat(),
        }
        self.store.change(found["id"], **columns)
        return {**found, **columns}
