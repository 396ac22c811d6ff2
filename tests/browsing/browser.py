"""Chromium, for what is looked at: where it is, how it is started, and where it comes from on a new machine.

`python -m tests.browsing.browser` makes sure there is one; `make test` asks for it. Nothing but what stands on this
machine is visited, so it is started without whatever else browsers send and fetch by themselves.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Playwright, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
)
PATIENCE_SECONDS = 300
PATIENCE_MS = 120_000
MISSING = (
    "There is no browser to test with. Install Chromium or Chrome (Debian: apt-get install chromium), "
    "or say where it is: make test CHROMIUM=/path/to/chromium"
)


# What a page shows at once takes longer where two cores run everything.
expect.set_options(timeout=PATIENCE_MS)


class NoBrowser(Exception):
    """There is no Chromium; the message says what to do."""


def find(playwright: Playwright) -> Path:
    """Return the Chromium to start: the one of `CHROMIUM`, one on the path, or the one that Playwright has fetched.

    Raises:
        NoBrowser: there is none of these.
    """
    if named := os.environ.get("CHROMIUM"):
        return _checked(shutil.which(named))
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return Path(found)
    return _checked(playwright.chromium.executable_path)


@contextmanager
def started() -> Iterator[Browser]:
    """Give the block a Chromium without a window and with a new profile. Raises NoBrowser."""
    with sync_playwright() as playwright:
        # The sandbox cannot be had by root; there it has nothing to protect but the test's own page.
        sandbox = [] if os.geteuid() else ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=find(playwright), args=[*QUIET, *sandbox])
        try:
            yield browser
        finally:
            browser.close()


def provide() -> Path:
    """Return the Chromium of this machine, which is fetched when there is none.

    Raises:
        NoBrowser: there is none, and neither the packages of the system nor Playwright had one.
    """
    with sync_playwright() as playwright:
        with suppress(NoBrowser):
            return find(playwright)
        if "CHROMIUM" in os.environ:
            raise NoBrowser(MISSING)
        for fetch in (_from_debian, _from_playwright):
            fetch()
            with suppress(NoBrowser):
                return find(playwright)
    raise NoBrowser(MISSING)


def _checked(path: str | None) -> Path:
    if path is None or not os.access(path, os.X_OK):
        raise NoBrowser(MISSING)
    return Path(path)


def _from_debian() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _run(["apt-get", "update", "--quiet"], environment)
        _run(["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium"], environment)


def _from_playwright() -> None:
    # What the browser needs of the system, only root can install without being asked for a password.
    needed = [] if os.geteuid() else ["--with-deps"]
    _run([sys.executable, "-m", "playwright", "install", *needed, "chromium"], dict(os.environ))


def _run(command: list[str], environment: dict[str, str]) -> None:
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, env=environment, check=False, timeout=PATIENCE_SECONDS)


if __name__ == "__main__":
    try:
        print(provide())
    except NoBrowser as missing:
        sys.exit(str(missing))
