"""Measure everything in one run, print each figure with its limit, and fail when one is broken."""

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import (
    audience,
    charts,
    cold_start,
    credentials,
    folding,
    freezing,
    ledgers,
    memory,
    papers,
    per_request,
    plans,
    questions,
    scene,
    searching,
    segments,
    sign_ins,
    staged,
    table_calls,
    templates,
    tracked,
    working,
    write_units,
)
from tests.bench.figures import Figure, show


def main() -> int:
    """Return 0 when every figure holds, else 1."""
    composed = scene.compose()
    figures = _shown("Who calls", credentials.measure)
    figures += _shown("Signing in", sign_ins.measure)
    figures += _shown("Tracked milestones", tracked.measure)
    figures += _shown("What requests ask of the table", table_calls.measure)
    figures += _shown("Write units", write_units.measure)
    figures += _shown("Charts", charts.measure)
    figures += _shown("Segments", segments.measure)
    figures += _shown("Questions about a million leads", questions.measure)
    figures += _shown("An audience of a million leads", freezing.measure)
    figures += _shown("Time of a request, warm", lambda: per_request.measure(composed))
    figures += _shown("Cold start", lambda: cold_start.measure(composed))
    figures += _shown("Memory", memory.measure)
    figures += _shown("On a local stage", staged.measure)
    figures += _shown("Searching", searching.measure)
    figures += _shown("Plans of 2,000 milestones and 6,000 dependencies", plans.measure)
    figures += _shown("Projects and payments", working.measure)
    figures += _shown("A ledger of 10,000 entries", ledgers.measure)
    figures += _shown("Documents", papers.measure)
    figures += _shown("Templates", templates.measure)
    figures += _shown("Audience", audience.measure)
    figures += _shown("Files of leads", folding.measure)
    return verdict(figures)


def verdict(figures: Sequence[Figure]) -> int:
    """Return 1 when a figure breaks its limit; says which."""
    broken = [figure.name for figure in figures if not figure.holds]
    print(f"{len(broken)} limits are broken: {'; '.join(broken)}" if broken else "Every limit holds.")
    return 1 if broken else 0


def _shown(title: str, measure: Callable[[], list[Figure]]) -> list[Figure]:
    # What functions of this process write to their log is no figure.
    with Path(os.devnull).open("w", encoding="utf-8") as log, contextlib.redirect_stdout(log):
        figures = measure()
    show(title, figures)
    return figures


if __name__ == "__main__":
    sys.exit(main())
