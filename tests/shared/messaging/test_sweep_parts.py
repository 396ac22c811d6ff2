"""The parts of a sweep do not wait for each other to succeed."""

import pytest

from shared.messaging import sweep_parts
from tests.shared import log


def fails() -> int:
    raise ZeroDivisionError


def test_each_part_says_what_it_has_found():
    assert sweep_parts.run({"plans": lambda: 2, "evidence": lambda: 0}) == {"plans": 2, "evidence": 0}


def test_parts_that_fail_are_logged_and_raised_after_the_others_have_run(capsys: pytest.CaptureFixture[str]):
    log.follow()
    done = list[str]()

    def works() -> int:
        done.append("works")
        return 1

    with pytest.raises(ExceptionGroup, match="2 of 3 parts") as raised:
        sweep_parts.run({"first": fails, "second": works, "third": fails})

    assert done == ["works"]
    assert [type(each) for each in raised.value.exceptions] == [ZeroDivisionError, ZeroDivisionError]
    logged = log.lines(capsys, "a part of a sweep failed")
    assert [(each["part"], each["exception_name"]) for each in logged] == [
        ("first", "ZeroDivisionError"),
        ("third", "ZeroDivisionError"),
    ]
