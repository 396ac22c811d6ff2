"""What is left of Babel's locales in a bundle: every one writes days, numbers and amounts as from the whole package."""

import inspect
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from infra.bundling import locales

INSTALLED = Path(sysconfig.get_paths()["purelib"])
WRITING = """
    import sys

    sys.path.insert(0, sys.argv[1])

    from datetime import date
    from decimal import Decimal

    from babel import dates, localedata, numbers

    for locale in sorted(localedata.locale_identifiers()):
        for form in ("short", "medium", "long", "full"):
            for day in (date(1867, 3, 9), date(2026, 11, 27)):
                print(ascii(dates.format_date(day, format=form, locale=locale)))
        for value in (Decimal("-1234567.891"), Decimal(0), Decimal("12345")):
            print(ascii(numbers.format_decimal(value, locale=locale)))
            for currency in ("EUR", "JPY", "XAF", "ZZZ"):
                print(ascii(numbers.format_currency(value, currency, locale=locale)))
"""


def test_every_locale_writes_as_from_the_whole_package(tmp_path: Path) -> None:
    shutil.copytree(INSTALLED / "babel", tmp_path / "babel")
    locales.narrow(tmp_path)
    whole, left = (
        sum(path.stat().st_size for path in (site / locales.LOCALES).iterdir()) for site in (INSTALLED, tmp_path)
    )
    written = written_from(tmp_path)

    assert len(written) > 20_000
    assert written == written_from(INSTALLED)
    assert left < whole / 8


def test_where_babel_is_not_nothing_is_changed(tmp_path: Path) -> None:
    locales.narrow(tmp_path)

    assert [*tmp_path.iterdir()] == []


def written_from(site: Path) -> list[str]:
    command = [sys.executable, "-I", "-S", "-c", inspect.cleandoc(WRITING), str(site)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
