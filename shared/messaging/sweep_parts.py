"""A sweep looks for several things in one run. Each of them is a part, and none waits for the others to succeed."""

from collections.abc import Callable, Mapping

from shared.observability import logger


def run(parts: Mapping[str, Callable[[], int]]) -> dict[str, int]:
    """Run the parts of a sweep in their order, and return by their names what each has found.

    A part that fails is logged, and the others run. Raises ExceptionGroup, after all, for those that failed, so the
    run ends as failed.
    """
    found, failures = dict[str, int](), list[Exception]()
    for name, part in parts.items():
        try:
            found[name] = part()
        except Exception as error:
            logger.exception("a part of a sweep failed", part=name)
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(parts)} parts of a sweep failed", failures)
    return found
