"""What the commands of the local stage print, and that one waits for another."""

import io
import json
import subprocess
import threading
from pathlib import Path

from rich.console import Console

from infra.demo.team import Guest, Service, Team
from infra.local import summary, turn
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from infra.stage.steps import Steps

ADDRESSES = Addresses(
    api_url="http://127.0.0.1:4566/api",
    graphql_url="http://127.0.0.1:4566/graphql",
    graphql_api_id="graphql",
    endpoint_url="http://127.0.0.1:4566",
)
DEMO = SignIn(email="demo@milepost.example", password="it's $HOME", access_token="fresh")


class Heard(io.StringIO):
    """A terminal of which somebody waits to hear."""

    def __init__(self) -> None:
        super().__init__()
        self.said_something = threading.Event()

    def write(self, text: str) -> int:
        self.said_something.set()
        return super().write(text)


def test_a_second_command_waits_for_the_first_and_says_so(tmp_path: Path) -> None:
    order: list[str] = []
    heard = Heard()

    def second() -> None:
        with turn.taken(tmp_path, Console(file=heard)):
            order.append("second")

    waiting = threading.Thread(target=second)
    with turn.taken(tmp_path, Console(file=io.StringIO())):
        waiting.start()
        heard.said_something.wait(timeout=30)
        order.append("first")
    waiting.join()

    assert order == ["first", "second"]
    assert heard.getvalue().strip() == turn.WAITS


def test_a_step_is_printed_with_its_place_and_its_seconds_when_it_is_done() -> None:
    printed = io.StringIO()
    steps = Steps(Console(file=printed), total=2)
    with steps.step("MiniStack answers") as report:
        report("[not markup]")
        before = printed.getvalue()

    assert before == ""
    assert printed.getvalue().startswith("✓ 1/2 MiniStack answers (")


def test_what_matters_is_a_dozen_lines_without_a_token() -> None:
    printed = io.StringIO()
    summary.show(Console(file=printed, width=80), addresses=ADDRESSES, demo=DEMO)
    lines = printed.getvalue().splitlines()

    assert len(lines) <= 12
    assert "  Dashboard     http://127.0.0.1:4566/api/" in lines
    assert "  Sign in       demo@milepost.example with it's $HOME" in lines
    assert "fresh" not in printed.getvalue()


def test_every_address_is_there_and_whether_the_provider_runs() -> None:
    guest = Guest(email="member@milepost.example", user_id="user_1")
    service = Service(name="demo-report", user_id="user_2", key="mp_key")
    team = Team(admin=guest, member=guest, viewer=guest, client=guest, service=service)
    for url, said in (("http://127.0.0.1:8792/webhook", "http://127.0.0.1:8792/webhook"), (None, "stopped")):
        printed = io.StringIO()
        summary.show_everything(
            Console(file=printed, width=80), addresses=ADDRESSES, demo=DEMO, team=team, provider_url=url
        )
        rows = {line.split()[0]: line for line in printed.getvalue().splitlines() if line.strip()}

        assert said in rows["Provider"]
        assert {"Dashboard", "GraphQL", "Owner", "Admin", "Password"} <= rows.keys()


def test_the_first_command_is_that_of_the_readme() -> None:
    printed = io.StringIO()
    summary.show(Console(file=printed, width=80), addresses=ADDRESSES, demo=DEMO)
    readme = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    (command,) = (line for line in printed.getvalue().splitlines() if line.startswith(". .milepost/env; "))

    assert command.replace("; ", "\n", 1) in readme


def test_a_fresh_token_leaves_the_rest_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "local.json"
    path.write_text(json.dumps({"access_token": "stale", "team": {"member": {}}}))
    summary.renew(path, demo=DEMO)
    written = json.loads(path.read_text())

    assert (written["access_token"], written["team"]) == ("fresh", {"member": {}})


def test_a_shell_reads_the_environment_and_asks_this_machine_without_its_proxy(tmp_path: Path) -> None:
    path = tmp_path / "env"
    summary.write_environment(path, addresses=ADDRESSES, demo=DEMO)
    script = f'set -eu; . "{path}"; printf "%s\\n" "$MILEPOST_PASSWORD" "$API" "$no_proxy" "$NO_PROXY"'
    said = subprocess.run(["sh", "-c", script], env={"NO_PROXY": ".intern"}, capture_output=True, text=True, check=True)

    direct = "127.0.0.1,localhost,.intern"
    assert said.stdout.splitlines() == [DEMO.password, f"{ADDRESSES.api_url}/api/v1", direct, direct]
