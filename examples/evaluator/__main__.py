"""`python -m examples.evaluator`: the evaluator on a port of this machine, reachable from nowhere else.

What it is told at `POST /control`, as JSON: `delay_seconds` before each answer, `down` (503), `wrong` (no JSON),
`times` each webhook is sent, `observe`: `{"kpi_id", "date", "value"}` for another value of a KPI, and `forget`: the id
of a milestone to lose, or `"*"` for all.
"""

import argparse
import json
import os
import threading
import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from examples.evaluator.contract import Evaluator
from examples.evaluator.deliveries import deliver_due, post_to
from examples.evaluator.evaluation import read_series
from examples.evaluator.store import Store


@dataclass
class Mood:
    """How the evaluator behaves; well, unless told otherwise."""

    delay_seconds: float = 0.0
    down: bool = False
    wrong: bool = False
    times: int = 1


class Handler(BaseHTTPRequestHandler):
    """Carries requests to the evaluator in the mood it is in."""

    evaluator: Evaluator
    mood: Mood
    protocol_version = "HTTP/1.1"

    def _carry(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        if self.path == "/control":
            self._answer(200, self._control(json.loads(body)))
            return
        if self.mood.down:
            self._answer(503, {"error": "Down for a while"})
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, said = self.evaluator.answer(self.command, self.path, headers, body)
        # After the effect: what came too late for the caller has happened all the same.
        time.sleep(self.mood.delay_seconds)
        self._answer(status, "<html>" if self.mood.wrong else said)

    do_POST = do_PATCH = do_DELETE = _carry  # noqa: N815 - the names that http.server looks for

    def _control(self, told: dict[str, Any]) -> dict[str, Any]:
        forgotten = told.pop("forget", None)
        if forgotten is not None:
            self.evaluator.forget(None if forgotten == "*" else forgotten)
        observed = told.pop("observe", None)
        if observed is not None:
            day = date.fromisoformat(observed["date"])
            self.evaluator.observe(observed["kpi_id"], day, Decimal(str(observed["value"])))
        for name, value in told.items():
            if name in vars(self.mood):
                setattr(self.mood, name, value)
        return dict(vars(self.mood))

    def _answer(self, status: int, said: dict[str, Any] | str) -> None:
        content = (said if isinstance(said, str) else json.dumps(said)).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of http.server
        """Say nothing of every request."""


def serve(evaluator: Evaluator, *, port: int) -> ThreadingHTTPServer:
    """Return a server of the evaluator on a port of this machine, 0 for any; the caller lets it run and ends it."""
    handler = type("EvaluatorHandler", (Handler,), {"evaluator": evaluator, "mood": Mood()})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


def main() -> None:
    """Run until it is interrupted."""
    arguments = _arguments()
    evaluator = Evaluator(Store(arguments.storage), os.environ["EVALUATOR_API_KEY"])
    for path in arguments.series:
        evaluator.series[path.stem] = read_series(path.read_text(encoding="utf-8").splitlines())
    server = serve(evaluator, port=arguments.port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"evaluator at http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201 - this is a command
    post, secret = post_to(arguments.webhook), os.environ["EVALUATOR_WEBHOOK_SECRET"]
    try:
        while True:
            evaluator.evaluate()
            deliver_due(evaluator, post, secret=secret, times=server.RequestHandlerClass.mood.times)  # type: ignore[attr-defined]
            time.sleep(arguments.every)
    except KeyboardInterrupt:
        server.shutdown()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m examples.evaluator", description=__doc__)
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--storage", default=":memory:", help="a file for SQLite")
    parser.add_argument("--webhook", required=True, help="where milestones are told of")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between two judgements")
    parser.add_argument("series", nargs="*", type=Path, help="CSV of date and value; the file's name is the KPI")
    return parser.parse_args()


if __name__ == "__main__":
    main()
