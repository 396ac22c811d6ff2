"""Many requests at once, on an emulator that starts a copy of the function for each that finds none free."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from infra.local import warming
from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn

# As many as one caller may send at once (docs/limits.md).
BURST = 50


def test_a_burst_is_answered_whole(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    warmed = warming.warm(stack.api_url, sign_up().access_token)
    token = sign_up().access_token
    with ThreadPoolExecutor(BURST) as callers:
        answers = callers.map(lambda _: call("GET", f"{stack.api_url}/api/v1/goals?limit=1", token=token), range(BURST))
        statuses = Counter(answer.status for answer in answers)

    assert {answer.status for answer in warmed} == {200}
    assert statuses == {200: BURST}
