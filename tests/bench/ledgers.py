"""What a trial balance takes in a ledger of 10,000 entries, in a process of its own, which has a table in itself."""

import json
import os
import subprocess
import sys
from functools import partial
from time import process_time
from typing import Final

from functions.payments.ledger import posting, reading
from shared import clock, ids
from shared.storage import table
from tests.aws import hooks
from tests.aws.quick.table import QuickTable
from tests.bench.figures import Figure, quick

_ENTRIES: Final = 10_000
_TIMES: Final = 20
_AMOUNTS: Final = {"receivable": 33187500, "retention_receivable": 3125000, "revenue": 31250000, "tax_payable": 5062500}


def measure() -> list[Figure]:
    """Return how many queries a trial balance is, and its milliseconds of the processor, with those of that table."""
    run = [sys.executable, "-m", "tests.bench.ledgers"]
    told = json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    return judged(queries=told["queries"], milliseconds=told["milliseconds"])


def judged(*, queries: int, milliseconds: float) -> list[Figure]:
    """Return the figures of a trial balance."""
    return [
        Figure("trial balance of 10,000 entries", queries, "queries", 1),
        Figure("… its time", milliseconds, "ms", 5),
    ]


def _fill(tenant_id: str) -> None:
    """Post the entries as invoices of one currency."""
    for number in range(_ENTRIES):
        reference = f"inv_{number}#issued"
        posted = partial(posting.entry, tenant_id=tenant_id, currency="EUR", at=clock.now())
        table.transact(posting.writes(posted("invoice_issued", _AMOUNTS, reference=reference)))


def main() -> None:
    """Print what was measured as JSON."""
    os.environ |= {"TABLE_NAME": "milepost", "AWS_DEFAULT_REGION": "eu-west-1"}
    hooks.install()
    QuickTable().stand_in()
    tenant_id = ids.new("tenant")
    _fill(tenant_id)
    queries: list[str] = []
    hooks.register_first("before-call.dynamodb", lambda model, **_: queries.append(model.name))
    shown = reading.trial_balance(tenant_id, "EUR")
    # Otherwise it is no measure of that ledger.
    assert shown["debits_minor_units"] == _ENTRIES * 36312500
    asked = queries.count("Query")
    times = []
    for _ in range(_TIMES):
        began = process_time()
        reading.trial_balance(tenant_id, "EUR")
        times.append((process_time() - began) * 1000)
    print(json.dumps({"queries": asked, "milliseconds": quick(times)}))


if __name__ == "__main__":
    main()
