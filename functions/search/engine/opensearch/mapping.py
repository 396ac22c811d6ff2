"""The mapping of an index, and how a document becomes one of OpenSearch's.

The fields are those of the embedded engine. Words come taken apart, with spaces between them: OpenSearch separates
them, and puts the spellings of one word, which have `|` between them, at one place. So both engines know the same
words. No source is kept: hits are read from the table.
"""

from collections.abc import Sequence
from typing import Any, Final

from functions.search.collections import values
from functions.search.collections.fields import Field
from functions.search.engine import tokens, words
from functions.search.engine.asked import Indexed
from functions.search.engine.embedded.schema import (
    ID_FIELD,
    is_searched,
    pieces_field,
    stems_field,
    values_field,
    whole,
    words_field,
)
from functions.search.engine.ports import Blueprint
from functions.search.engine.tokens import Token

WORDS: Final = "milepost_words"
SPELLINGS: Final = "|"
# No piece of a word has one character: no part of a word reaches over it into the next.
_BETWEEN_WORDS: Final = "."
LONGEST_PATTERN: Final = 5000

_SETTINGS: Final = {
    "index": {
        "number_of_shards": 1,
        # A domain of one node has no second copy, any other one has.
        "auto_expand_replicas": "0-1",
        # For how long an older change that arrives late does not bring a removed document back: longer than a writer
        # that has lost its lease can live.
        "gc_deletes": "10m",
        "max_regex_length": LONGEST_PATTERN,
    },
    "analysis": {
        "tokenizer": {"milepost_spaces": {"type": "whitespace", "max_token_length": 10_000}},
        "filter": {
            "milepost_spellings": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]}
        },
        "analyzer": {WORDS: {"type": "custom", "tokenizer": "milepost_spaces", "filter": ["milepost_spellings"]}},
    },
}


def index(blueprint: Blueprint, alias: str) -> dict[str, Any]:
    """Return what an index is made with, to be reached by an alias."""
    properties: dict[str, Any] = {ID_FIELD: {"type": "keyword"}}
    for number, field in enumerate(blueprint.fields):
        if is_searched(field):
            properties |= _properties(number, field)
    mappings = {"dynamic": "strict", "_source": {"enabled": False}, "properties": properties}
    return {"settings": _SETTINGS, "mappings": mappings, "aliases": {alias: {}}}


def document(id_: str, content: Indexed, blueprint: Blueprint) -> dict[str, Any]:
    """Return OpenSearch's document of a document that has been checked."""
    made: dict[str, Any] = {ID_FIELD: id_}
    for number, field in enumerate(blueprint.fields):
        value = content.get(field.name)
        if value is None or not is_searched(field):
            continue
        if field.is_text:
            made |= _texts(number, field, [value] if isinstance(value, str) else value, blueprint.language)
        else:
            made[values_field(number, field)] = values.number_of(field, value)
    return made


def _properties(number: int, field: Field) -> dict[str, Any]:
    name = values_field(number, field)
    if not field.is_text:
        return {name: {"type": "double" if field.type == "float" else "long"}}
    # Between two texts of a list lie a hundred places, as OpenSearch has it anyway.
    text = {"type": "text", "analyzer": WORDS}
    pieces = {pieces_field(number): {**text, "norms": False}} if field.infix else {}
    return {
        words_field(number): text,
        stems_field(number): {**text, "index_options": "freqs"},
        **pieces,
        name: {"type": "keyword", "doc_values": field.facet or field.sort},
    }


def _texts(number: int, field: Field, texts: Sequence[str], language: str | None) -> dict[str, Any]:
    found = [[*tokens.of(text, language)] for text in texts]
    made: dict[str, Any] = {
        words_field(number): [" ".join(SPELLINGS.join(each.forms) for each in text) for text in found],
        values_field(number, field): [whole(text, field) for text in texts],
    }
    if language is not None:
        made[stems_field(number)] = [" ".join(each.stem for each in text if each.stem) for text in found]
    if field.infix:
        made[pieces_field(number)] = [_pieces(text) for text in found]
    return made


def _pieces(text: Sequence[Token]) -> str:
    together = (" ".join(words.pieces(form)) for each in text for form in each.forms)
    return f" {_BETWEEN_WORDS} ".join(together)
