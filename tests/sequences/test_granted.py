"""What the functions of sequences really call, held against what their roles allow."""

import pytest

from tests.infra.permissions import INDEX, allowed, used
from tests.sequences.every_call import every_sequence_call
from tests.sequences.people import Person
from tests.sequences.working import consumed, enrol

__all__ = ["used"]


def test_sequences_call_what_their_roles_allow_and_no_more(
    ada: Person, used: set[str], monkeypatch: pytest.MonkeyPatch
):
    enrol(ada)
    used.clear()

    with consumed(used) as behind:
        every_sequence_call(ada, monkeypatch)

    assert behind == allowed("functions.sequences.order.consumers.handler")
    assert used == allowed("functions.sequences.api.handler")
    assert INDEX in used
