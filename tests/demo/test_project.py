"""The project of the demo: what the evaluator will make of it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from examples.evaluator.evaluation import judge, read_series
from infra.demo import project


def test_the_milestones_stand_as_the_releases_say(tmp_path: Path) -> None:
    series = {path.stem: read_series(path.read_text().splitlines()) for path in project.write_series(tmp_path)}
    verdicts = [
        judge(
            series[each["kpi_id"]],
            Decimal(each["target"]),
            first_day=None,
            last_day=each["timeframe_to"],
            today=date(2026, 11, 20),
        )
        for each in project.milestones()
    ]

    assert [verdict.completed_on for verdict in verdicts] == [
        date(2025, 7, 8),
        date(2025, 9, 18),
        date(2026, 4, 7),
        None,
        None,
    ]
    assert [(verdict.status, verdict.current_value) for verdict in verdicts[3:]] == [("in_progress", 4)] * 2
