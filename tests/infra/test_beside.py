"""The provider that runs beside a local stage: started once, found again, at the same port after a stop."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.stage import beside, provider
from infra.stage.background import Background, NotStarted, free_port, listens
from infra.stage.client import call

API = "http://127.0.0.1:9/api"


class Tenant:
    """The delivery providers of a tenant, as its API answers about them."""

    def __init__(self) -> None:
        self.providers: list[dict[str, Any]] = []
        self.secrets = 0

    def __call__(self, method: str, path: str, body: Any) -> Any:
        if method == "GET":
            return {"items": self.providers}
        if method == "PATCH":
            self.providers[0] |= body
            return self.providers[0]
        if path.endswith("/rotate-secret"):
            return self._given()
        self.providers.append({**body, "provider_id": "prv_1"})
        return self._given()

    def _given(self) -> Any:
        self.secrets += 1
        return {"provider_id": "prv_1", "receipt_secret": f"whsec_{self.secrets}"}


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """The folder of a stage whose provider is stopped in the end."""
    yield tmp_path
    beside.end(tmp_path)


def port_of(state: Path) -> int:
    return int(json.loads((state / "provider.json").read_text())["port"])


def test_it_answers_on_loopback_and_a_second_start_changes_nothing(state: Path) -> None:
    tenant = Tenant()
    for _ in range(2):
        beside.begin(state, API, tenant, afresh=False)
    report = call("GET", f"http://127.0.0.1:{port_of(state)}/report")

    assert report.status == 200
    assert beside.address(state) == tenant.providers[0]["settings"]["url"] == provider.url_at(port_of(state))
    assert (len(tenant.providers), tenant.secrets) == (1, 1)
    assert oct((state / "provider.json").stat().st_mode & 0o777) == "0o600"


def test_after_a_stop_it_is_at_its_port_before_the_stage_is_asked(state: Path) -> None:
    tenant = Tenant()
    beside.begin(state, API, tenant, afresh=False)
    port = port_of(state)

    assert beside.end(state)
    assert not listens(port)
    assert beside.address(state) is None

    beside.again(state)
    beside.begin(state, API, tenant, afresh=False)

    assert listens(port)
    assert (port_of(state), tenant.secrets) == (port, 1)


def test_a_stage_that_has_lost_data_or_moved_is_told_again(state: Path) -> None:
    tenant = Tenant()
    beside.begin(state, API, tenant, afresh=False)
    port = port_of(state)
    beside.begin(state, API, tenant, afresh=True)
    beside.begin(state, "http://127.0.0.1:10/api", tenant, afresh=False)

    assert (tenant.secrets, port_of(state)) == (3, port)

    tenant.providers.clear()
    beside.begin(state, "http://127.0.0.1:10/api", tenant, afresh=False)

    assert len(tenant.providers) == 1


def test_nothing_is_started_or_stopped_where_there_never_was_one(state: Path) -> None:
    beside.again(state)

    assert not beside.end(state)
    assert beside.address(state) is None


def test_what_does_not_listen_is_said_with_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="no such port"):
        Background(tmp_path, "deaf").start(
            [sys.executable, "-c", "raise SystemExit('no such port')"], os.environ, port=free_port()
        )


def test_a_number_of_a_process_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "provider.pid").write_text(str(os.getpid()))
    (tmp_path / "provider.lock").touch()

    assert not Background(tmp_path, "provider").stop()
