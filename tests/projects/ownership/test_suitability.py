"""How well somebody suits a milestone: the formula, case by case."""

import pytest

from functions.projects.ownership import suitability

MILLS = ["mills", "drawings"]


@pytest.mark.parametrize(
    ("skills", "wanted", "workload", "due", "on_time", "parts", "score"),
    [
        # Everything there is, and nothing of it.
        (["mills", "drawings"], MILLS, 0, 4, 4, (1.0, 1.0, 1.0), 1.0),
        ([], MILLS, 100, 4, 0, (0.0, 0.0, 0.0), 0.0),
        # Each part alone has its weight.
        (["mills", "drawings"], MILLS, 100, 4, 0, (1.0, 0.0, 0.0), 0.5),
        ([], MILLS, 0, 4, 0, (0.0, 1.0, 0.0), 0.3),
        ([], MILLS, 100, 4, 4, (0.0, 0.0, 1.0), 0.2),
        # Half of the skills; other skills neither help nor hurt.
        (["mills"], MILLS, 100, 4, 0, (0.5, 0.0, 0.0), 0.25),
        (["mills", "welding", "law"], MILLS, 100, 4, 0, (0.5, 0.0, 0.0), 0.25),
        (["Mills", "mills", "DRAWINGS"], MILLS, 100, 4, 0, (1.0, 0.0, 0.0), 0.5),
        # Whoever has too much to do has no time, not less than none.
        ([], MILLS, 40, 4, 0, (0.0, 0.6, 0.0), 0.18),
        ([], MILLS, 250, 4, 0, (0.0, 0.0, 0.0), 0.0),
        # Without any milestone that was due, the rate is one half.
        ([], MILLS, 100, 0, 0, (0.0, 0.0, 0.5), 0.1),
        ([], MILLS, 100, 3, 1, (0.0, 0.0, 0.3333), 0.0667),
        # Nothing is wanted.
        (["mills"], [], 0, 1, 1, (0.0, 1.0, 1.0), 0.5),
    ],
)
def test_the_score_is_the_sum_of_its_parts(
    skills: list[str], wanted: list[str], workload: int, due: int, on_time: int, parts: tuple[float, ...], score: float
):
    found = suitability.of(skills, wanted, workload, due, on_time)

    assert (found.skill_overlap, found.availability, found.on_time_rate) == parts
    assert found.score == score


def test_the_skills_that_are_wanted_are_named():
    assert suitability.of(["welding", "mills", "law"], ["Law", "mills"], 0, 0, 0).matched == ["law", "mills"]
