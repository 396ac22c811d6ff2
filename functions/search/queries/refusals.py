"""What a search refuses once it is known how much matches; apart from the engine, which the API reference has not."""

from typing import Final

from shared.errors import NotAllowed

MOST_SORTED: Final = 10_000


class TooManyMatches(NotAllowed):
    """422: more than 10,000 documents match to be grouped, or sorted by several orders; narrow the search."""

    def __init__(self) -> None:
        super().__init__(
            f"More than {MOST_SORTED} documents match. Narrow the search by filter_by, or take one order and no groups."
        )


class AnswerTooLarge(NotAllowed):
    """422: the documents found have more than 4 MB; take fewer hits a page, or leave fields out by `exclude_fields`."""

    def __init__(self) -> None:
        super().__init__(
            "The documents found have more than 4 MB. Take fewer by per_page, or leave fields out by exclude_fields."
        )
