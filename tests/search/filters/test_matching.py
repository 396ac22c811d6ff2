"""A filter holds of a document by itself just when the engine finds the document by it."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from functions.search.filters import filters, matching
from tests.search.engine.indexes import opened
from tests.search.schemas import FIELDS
from tests.soaking import histories, soaks

TEXTS = ["", "Müller", "mueller", "MULLER", "The White Whale", "white whale", "Firm && Co.", "鯨の本", "鯨", "a" * 40]
TEXTS += ["x1-2026", "Ein großer Wal", "ein grosser wal", "whale whale", "O'Brien"]
NUMBERS = [-(2**63), -1, 0, 1, 5, 474, 2**63 - 1]
PRICES = [-0.0, 0.0, 1.5, 9.0, -1e300]
MOMENTS = ["1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "1970-01-01T02:00:00+02:00", "2026-11-26T10:00:00.5Z"]
BY_TYPE: dict[str, list[Any]] = {
    "string": TEXTS,
    "int64": NUMBERS,
    "float": PRICES,
    "bool": [True, False],
    "datetime": MOMENTS,
}


def document(chance: random.Random) -> dict[str, Any]:
    made: dict[str, Any] = {"title": chance.choice(TEXTS)}
    for field in FIELDS[1:]:
        if chance.random() < 0.3:
            continue
        many = field.type == "string[]"
        made[field.name] = chance.choices(TEXTS, k=chance.randrange(3)) if many else chance.choice(BY_TYPE[field.type])
    return made


def condition(chance: random.Random, level: int = 0) -> str:
    if level < 3 and chance.random() < 0.4:
        sign = chance.choice([" && ", " || "])
        return f"({sign.join(condition(chance, level + 1) for _ in range(chance.randint(1, 3)))})"
    field = chance.choice([each for each in FIELDS if each.indexed])
    if field.is_text:
        values = [f"`{each}`" for each in chance.choices(TEXTS, k=chance.randint(1, 2))]
        return f"{field.name}{chance.choice([':', ':=', ':!='])}[{', '.join(values)}]"
    values = [_written(each) for each in chance.choices(BY_TYPE[field.type], k=2)]
    if field.type == "bool":
        return f"{field.name}{chance.choice([':', ':!='])}{values[0]}"
    one = chance.choice([":", ":=", ":!=", ":>", ":>=", ":<", ":<="])
    return chance.choice([f"{field.name}{one}{values[0]}", f"{field.name}:[{values[0]}..{values[1]}]"])


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@soaks
def test_a_document_fits_what_the_engine_finds_it_by(tmp_path: Path):
    chance = random.Random(15)  # noqa: S311 - the same cases in every run
    documents = {f"d{number:02}": document(chance) for number in range(60)}
    engine = opened(tmp_path, documents, language=None)
    for where in _conditions(chance):
        fitting = [id_ for id_, each in documents.items() if matching.fits(each, filters.read(where, FIELDS), FIELDS)]

        assert (where, engine.finds(where=where, limit=60)) == (where, fitting)


def _conditions(chance: random.Random) -> Iterator[str]:
    for _ in range(histories(400, soaking=20_000)):
        yield condition(chance)
