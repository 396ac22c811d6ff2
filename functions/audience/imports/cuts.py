"""A file cut into parts of rows, which can be written from several messages at the same time.

The file is read once, from its beginning to its end. Its rows are put into waves (`waves.py`), each wave into parts,
and the parts into a few files of rows as they would be sent as JSON. Nothing of it counts before the job names the cut:
a cut that broke off is made again, and what it left expires.
"""

import itertools
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from functions.audience.imports import mapping, records, texts
from functions.audience.imports.waves import LAST, Waves
from functions.audience.leads import batches, identifiers, shapes
from functions.audience.leads.identifiers import Identifier
from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared.jobs.jobs import Job
from shared.storage import files, parallel

CSV: Final = "text/csv"
LINES: Final = "application/jsonl"
MOST_BYTES: Final = 256 * 1024 * 1024
MOST_ROWS: Final = 1_000_000
PART_ROWS: Final = 500
NO_ROWS: Final = "no_rows"
TOO_MANY_ROWS: Final = "too_many_rows"
NO_TEXT: Final = "not_text"
COLUMNS: Final = "columns_unknown"
_MOST_OF_A_FILE: Final = 8 * 1024 * 1024
_MOST_OF_A_PART: Final = 8 * 1024 * 1024
_AT_ONCE: Final = 4_000
_MOST_AT_ONCE: Final = 8 * 1024 * 1024
"""Rows of so many bytes take twenty times as much memory: `{},` is three of them, and 64 of memory."""
_CALL: Final = 100
_MANIFEST_BYTES: Final = 16 * 1024 * 1024


class Uncuttable(Exception):
    """The file cannot be imported; its text is the word that the job fails with."""


class Part(NamedTuple):
    """Some rows of a file: where they lie, how many there are, and how many parts must be done before they are."""

    key: str
    start: int
    length: int
    rows: int
    after: int
    in_order: bool


class Row(NamedTuple):
    """A row of a part: its number in the file, from 1 on, and what was sent."""

    number: int
    sent: Any


def make(job: Job) -> list[Part]:
    """Cut the file of a job. Raises Uncuttable, Unavailable."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        _fetch(job, path)
        try:
            with texts.opened(path, job.position["encoding"]) as text:
                # One character more than a row may have: what is cut off is too long as well.
                rows = _numbered(_sent(job, texts.lines(text, longest=records.LONGEST_ROW + 1)))
                return _cut(job, rows)
        except texts.NoText as error:
            raise Uncuttable(NO_TEXT) from error


def keep(job: Job, parts: Sequence[Part]) -> str:
    """Write down the parts of a cut, and return the key. Raises Unavailable."""
    key = files.new_key("parts", job.tenant_id)
    files.put_once(key, json.dumps(parts).encode(), media_type="application/json")
    return key


def kept(key: str) -> list[Part]:
    """Return the parts of a cut. Raises Unavailable."""
    return [Part(*each) for each in json.loads(files.read(key, most_bytes=_MANIFEST_BYTES).body)]


def rows_of(part: Part) -> list[Row]:
    """Return the rows of a part. Raises Unavailable."""
    lines = files.read_from(part.key, part.start, most_bytes=part.length).splitlines()
    return [Row(*json.loads(each)) for each in lines]


def _fetch(job: Job, path: Path) -> None:
    size, done = job.total or 0, 0
    with path.open("wb") as file:
        while done < size:
            done += file.write(files.read_from(job.position["key"], done, most_bytes=_MOST_OF_A_FILE))


def _sent(job: Job, lines: Iterable[str]) -> Iterator[Any]:
    """Yield the rows of a file as they would be sent as JSON. Raises Uncuttable."""
    fields = job.position["mapping"]
    if job.position["media_type"] == LINES:
        return (mapping.of_object(each, fields) for each in records.objects(lines))
    columns, rows = records.sheet(lines, job.position["delimiter"])
    if mapping.unusable(columns, fields):
        raise Uncuttable(COLUMNS)
    wanted = mapping.fields(columns, fields)
    return (mapping.of_cells(each, wanted) for each in rows)


def _numbered(sent: Iterable[Any]) -> Iterator[Row]:
    for number, each in enumerate(sent, start=1):
        if number > MOST_ROWS:
            raise Uncuttable(TOO_MANY_ROWS)
        yield Row(number, each)


def _cut(job: Job, rows: Iterator[Row]) -> list[Part]:
    """Return the parts of the rows, in the order of their waves. Raises Uncuttable for a file without any."""
    waves, writer = Waves(), _Writer(job.tenant_id)
    audience = settings.of(job.tenant_id)
    for some in _at_once(rows):
        # A dry run writes nothing, so no row has to wait for another.
        tied_by = (
            [()] * len(some) if job.position["is_dry_run"] else ties(job.tenant_id, audience, [row for row, _ in some])
        )
        for (_, line), tied in zip(some, tied_by, strict=True):
            writer.add(line, waves.of(tied))
    parts = writer.written()
    if not parts:
        raise Uncuttable(NO_ROWS)
    return parts


def _at_once(rows: Iterable[Row]) -> Iterator[list[tuple[Row, bytes]]]:
    """Yield some rows at a time, each with the line that is kept of it."""
    some: list[tuple[Row, bytes]] = []
    size = 0
    for row in rows:
        # Half of a character comes back as it was sent, and is refused with its row.
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass") + b"\n"
        some.append((row, line))
        size += len(line)
        if len(some) == _AT_ONCE or size >= _MOST_AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some


def ties(tenant_id: str, audience: Audience, rows: Sequence[Row]) -> list[Sequence[Any]]:
    """Return by what each row is tied to others: its identifiers, and the leads that are known by them now."""
    named = [batches.identified(audience, each) for each in shapes.rows(tenant_id, [row.sent for row in rows])]
    every = [*dict.fromkeys(itertools.chain.from_iterable(named))]

    def ask(some: Sequence[Identifier]) -> dict[Identifier, str]:
        return dict(identifiers.holders(tenant_id, audience, some))

    held: dict[Identifier, str] = {}
    for found in parallel.calls(ask, [every[start : start + _CALL] for start in range(0, len(every), _CALL)]):
        held |= found
    return [[*each, *{held[one] for one in each if one in held}] for each in named]


class _Writer:
    """Puts rows into parts, and parts into files."""

    def __init__(self, tenant_id: str) -> None:
        self._tenant_id = tenant_id
        self._waiting: list[list[bytes]] = [[] for _ in range(LAST + 1)]
        self._bytes = [0] * (LAST + 1)
        self._parts: list[list[Part]] = [[] for _ in range(LAST + 1)]
        self._key = files.new_key("parts", tenant_id)
        self._file = bytearray()

    def add(self, line: bytes, wave: int) -> None:
        """Add the line of a row to its wave."""
        waiting = self._waiting[wave]
        waiting.append(line)
        self._bytes[wave] += len(line)
        if len(waiting) == PART_ROWS or self._bytes[wave] >= _MOST_OF_A_PART:
            self._end_part(wave)

    def written(self) -> list[Part]:
        """Return all parts, in the order of their waves."""
        for wave, waiting in enumerate(self._waiting):
            if waiting:
                self._end_part(wave)
        self._end_file()
        return [*self._in_order()]

    def _in_order(self) -> Iterator[Part]:
        before = 0
        for wave, parts in enumerate(self._parts):
            for place, part in enumerate(parts):
                in_order = wave == LAST
                yield part._replace(after=before + place if in_order else before, in_order=in_order)
            before += len(parts)

    def _end_part(self, wave: int) -> None:
        lines = b"".join(self._waiting[wave])
        part = Part(self._key, len(self._file), len(lines), len(self._waiting[wave]), after=0, in_order=False)
        self._parts[wave].append(part)
        self._file += lines
        self._waiting[wave], self._bytes[wave] = [], 0
        if len(self._file) >= _MOST_OF_A_FILE:
            self._end_file()

    def _end_file(self) -> None:
        if self._file:
            files.put_once(self._key, bytes(self._file), media_type=LINES)
            self._key, self._file = files.new_key("parts", self._tenant_id), bytearray()
