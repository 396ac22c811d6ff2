"""What the PDF of an invoice takes, in a process of its own that begins as the function does."""

import json
import subprocess
import sys
from time import process_time
from typing import Final

from functions.payments.billing.totals import Line
from functions.payments.papers import content
from tests.bench.figures import Figure, quick
from tests.payments.papers.paperwork import issued

_TIMES: Final = 50
_NAME: Final = "北京龙机械有限公司, Ελληνική Εταιρεία, Мельница"


def measure() -> list[Figure]:
    """Return the milliseconds of the processor of a PDF, and of the first of a process with its fonts."""
    run = [sys.executable, "-m", "tests.bench.papers"]
    told = json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    return judged(first=told["first"], later=told["later"])


def judged(*, first: float, later: float) -> list[Figure]:
    """Return the figures of the PDF of an invoice."""
    return [
        Figure("PDF of an invoice of 20 lines", later, "ms", 150),
        Figure("… the first of a process, with its fonts", first, "ms", 900),
    ]


def main() -> None:
    """Print what was measured as JSON."""
    lines = [Line(f"{_NAME} {number}", 1000, "standard", 180_000) for number in range(20)]
    paper = content.invoice(issued(*lines, retention=0, seller={"name": _NAME, "address": [_NAME]}))
    began = process_time()
    from functions.payments.papers import pdf  # noqa: PLC0415 - its import is part of the first

    pdf.write(paper)
    first = process_time() - began
    times = []
    for _ in range(_TIMES):
        began = process_time()
        pdf.write(paper)
        times.append(process_time() - began)
    print(json.dumps({"first": first * 1000, "later": quick(times) * 1000}))


if __name__ == "__main__":
    main()
