"""How long a warm function takes for a row of an import, against a table that answers at once.

Reading the rows, judging them, resolving them and writing transactions are measured; DynamoDB is not.
"""

import json
import os
import time
from typing import Any, Final

from functions.audience.imports import cuts, mapping, records
from functions.audience.imports.waves import Waves
from functions.audience.leads import batches, shapes
from functions.audience.settings import settings
from shared import ids
from shared.callers import auth, tenant_settings
from shared.storage import idempotency
from shared.storage.idempotency import Claim
from tests.bench import instant_table
from tests.bench.figures import Figure, quick
from tests.bench.scene import ENVIRONMENT

ROWS: Final = 1_000
REPEATED: Final = 10
MOST_MILLISECONDS: Final = 2.0
"""A row: 500 a second."""

MOST_OF_A_CUT_MILLISECONDS: Final = 0.6

RULES: Final = [
    ("GetSecretValue", json.dumps({"VersionId": "version", "SecretString": "a secret of 40 characters, or so"})),
    (".GetItem", "{}"),
    (".BatchGetItem", json.dumps({"Responses": {}, "UnprocessedKeys": {}})),
    (".TransactWriteItems", "{}"),
]


def measure() -> list[Figure]:
    """Return the figures of an import of 1,000 new leads, each with an e-mail address and a telephone number."""
    before = dict(os.environ)
    with instant_table.serving(RULES) as endpoint:
        os.environ |= {**ENVIRONMENT, "AWS_ENDPOINT_URL": endpoint, "PEPPER_SECRET_ID": "pepper"}
        _forget()
        try:
            took = [_seconds(ids.new("tenant")) for _ in range(REPEATED)]
            of_parts = [_seconds_of_parts(ids.new("tenant")) for _ in range(REPEATED)]
            of_cuts = [_seconds_of_a_cut(ids.new("tenant")) for _ in range(REPEATED)]
        finally:
            os.environ.clear()
            os.environ |= before
            _forget()
    return [*judged(took), *judged_file(of_parts, of_cuts)]


def judged(took: list[float]) -> list[Figure]:
    """Return the figures of imports that took so many seconds."""
    seconds = quick(took)
    return [
        Figure("a row of an import of 1,000 leads", 1000 * seconds / ROWS, "ms", MOST_MILLISECONDS),
        Figure("… rows a second", ROWS / seconds, ""),
    ]


def judged_file(of_parts: list[float], of_cuts: list[float]) -> list[Figure]:
    """Return the figures of the parts of a file, and of what it is cut by, which took so many seconds for 1,000 rows.

    Of a million rows, 15 minutes of a function are 0.9 ms each to read, judge and tie them.
    """
    return [
        Figure("a row of a part of a file of leads", 1000 * quick(of_parts) / ROWS, "ms", MOST_MILLISECONDS),
        Figure("a row of a file of leads that is cut", 1000 * quick(of_cuts) / ROWS, "ms", MOST_OF_A_CUT_MILLISECONDS),
    ]


def _seconds_of_parts(tenant_id: str) -> float:
    text = json.dumps([_row(number) for number in range(ROWS)])
    began = time.perf_counter()
    results = batches.make_apart(tenant_id, shapes.rows(tenant_id, json.loads(text)), _claim)
    took = time.perf_counter() - began
    assert {each["result"] for each in results} == {"inserted"}
    return took


def _seconds_of_a_cut(tenant_id: str) -> float:
    columns = ["email", "phone", "name", "tags", "status", "visits"]
    lines = [",".join(columns), *(_line(number) for number in range(ROWS))]
    audience, waves = settings.of(tenant_id), Waves()
    began = time.perf_counter()
    named, cells = records.sheet((f"{line}\n" for line in lines), None)
    wanted = mapping.fields(named, {})
    rows = [cuts.Row(number, mapping.of_cells(each, wanted)) for number, each in enumerate(cells, start=1)]
    placed = [waves.of(each) for each in cuts.ties(tenant_id, audience, rows)]
    took = time.perf_counter() - began
    assert len(placed) == ROWS
    return took


def _line(number: int) -> str:
    return f"person-{number}@example.org,+4420794{60000 + number:05d},Somebody,newsletter;spring,customer,3"


def _claim(start: int, end: int) -> Claim:
    return idempotency.claim(partition="an import", idempotency_key=f"{start} {end}", operation="part", request=None)


def _seconds(tenant_id: str) -> float:
    text = json.dumps({"rows": [_row(number) for number in range(ROWS)]})
    began = time.perf_counter()
    results = batches.make(tenant_id, shapes.rows(tenant_id, json.loads(text)["rows"]), lambda _: None)
    took = time.perf_counter() - began
    assert {each["result"] for each in results} == {"inserted"}
    return took


def _row(number: int) -> dict[str, Any]:
    return {
        "emails": [f"person-{number}@example.org"],
        "phones": [f"+4420794{60000 + number:05d}"],
        "name": "Somebody with a usual name",
        "tags": ["newsletter", "spring"],
        "status": "customer",
        "locale": "en-GB",
        "time_zone": "Europe/London",
        "visits": 3,
        "metadata": {"company": {"name": "Analytical Engines", "size": 12}},
    }


def _forget() -> None:
    for forgetful in (auth, settings, tenant_settings):
        forgetful.forget()
