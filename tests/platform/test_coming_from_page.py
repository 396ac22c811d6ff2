"""The page for those who come from another system: it names calls that there are."""

import re
from pathlib import Path

from tests.platform.operations import DOCUMENT

PAGE = (Path(__file__).parents[2] / "docs" / "coming-from.md").read_text(encoding="utf-8")


def test_every_call_that_it_names_is_an_operation() -> None:
    named = re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/api/v1[\w/{}-]*)`", PAGE)

    assert len(named) > 10
    assert [f"{method} {path}" for method, path in named if method.lower() not in DOCUMENT["paths"].get(path, {})] == []


def test_every_call_that_it_shows_is_one_that_it_names() -> None:
    shown = re.findall(r'curl -s.*?(?:-X ([A-Z]+) )?"\$API([\w/-]*)"', PAGE)
    calls = {f"{method or 'GET'} /api/v1{path}".replace("service-a", "{service_name}") for method, path in shown}

    assert len(calls) > 10
    assert [call for call in calls if f"`{call}`" not in PAGE] == []
