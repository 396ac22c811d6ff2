"""Whether what every request rests on answers: the table and the key that signs access tokens.

What does not answer in time counts as not answering; nothing that goes wrong there is an exception here.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

from shared import config
from shared.aws.client import KMS, AwsRefused, Client, Limits, NoAnswer, NoCredentials
from shared.errors import Unavailable
from shared.storage import table

PATIENCE_SECONDS = 5.0
_KMS: Final = Client(KMS, Limits(connect_seconds=1, answer_seconds=3), tries=1)


def check() -> dict[str, str]:
    """Return `ok` or what is wrong, in words, by the name of what was asked; both are asked at once."""
    probes: Mapping[str, Callable[[], str]] = {"table": _table, "signing_key": _signing_key}
    threads = ThreadPoolExecutor(len(probes))
    answers = {name: threads.submit(probe) for name, probe in probes.items()}
    wait(answers.values(), timeout=PATIENCE_SECONDS)
    # Whoever still waits is left alone: the caller has been told by then.
    threads.shutdown(wait=False, cancel_futures=True)
    return {name: _said(answer) for name, answer in answers.items()}


def _said(answer: "Future[str]") -> str:
    if not answer.done():
        return "does not answer in time"
    try:
        return answer.result()
    except (Unavailable, NoAnswer, NoCredentials):
        return "does not answer"
    except AwsRefused as error:
        return f"is refused: {error.code}"


def _table() -> str:
    status = table.describe()
    # A table is read and written as ever while its settings change.
    return "ok" if status in {"ACTIVE", "UPDATING"} else f"is {status}"


def _signing_key() -> str:
    key = _KMS.call("DescribeKey", {"KeyId": config.signing_key_id()})["KeyMetadata"]
    return "ok" if key["KeyState"] == "Enabled" else f"is {key['KeyState']}"
