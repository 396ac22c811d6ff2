"""The schema of an index, and how a document becomes one of the engine's.

A field of a collection becomes up to four of the index, known by its place: its words as they are (`w`), its words
by their stems (`s`), the pieces of its words (`i`), and its values whole (`v`) or as numbers (`n`). Only ids are
stored: hits are read from the table.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tantivy import Document, PreTokenizedString, Schema, SchemaBuilder, Token

from functions.search.collections import values
from functions.search.collections.fields import ID, Field
from functions.search.engine import tokens, words

ID_FIELD: Final = "id"
# What lies between two texts of a list, so that no phrase reaches from one into the next.
_BETWEEN_TEXTS: Final = 100
_DIGEST_BYTES: Final = 12


def of(fields: Sequence[Field]) -> Schema:
    """Return the schema of an index of documents with these fields."""
    builder = SchemaBuilder()
    builder.add_text_field(ID_FIELD, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for number, field in enumerate(fields):
        if is_searched(field):
            _add(builder, number, field)
    return builder.build()


def is_searched(field: Field) -> bool:
    """Return whether a field has a place in the index."""
    return field.indexed and field.name != ID


def words_field(number: int) -> str:
    """Return the field of the words of a text as they are."""
    return f"w{number}"


def stems_field(number: int) -> str:
    """Return the field of the stems of a text."""
    return f"s{number}"


def pieces_field(number: int) -> str:
    """Return the field of the pieces of words, of a field with `infix`."""
    return f"i{number}"


def values_field(number: int, field: Field) -> str:
    """Return the field of the values of a field, whole."""
    return f"v{number}" if field.is_text else f"n{number}"


def whole(value: str, field: Field) -> str:
    """Return a text as it is compared whole: by its digest if it is long, unless its values are counted or sorted.

    Whole texts would be a third of an index.
    """
    text = unicodedata.normalize("NFC", value)
    if field.facet or field.sort or len(text) <= _DIGEST_BYTES:
        return text
    return f"\0{hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()}"


def document(id_: str, content: Mapping[str, Any], fields: Sequence[Field], language: str | None) -> Document:
    """Return the engine's document of a document that has been checked."""
    made = Document()
    made.add_text(ID_FIELD, id_)
    for number, field in enumerate(fields):
        value = content.get(field.name)
        if value is None or not is_searched(field):
            continue
        if field.is_text:
            _add_texts(made, number, field, [value] if isinstance(value, str) else value, language)
        elif field.type == "float":
            made.add_float(values_field(number, field), float(values.number_of(field, value)))
        else:
            made.add_integer(values_field(number, field), int(values.number_of(field, value)))
    return made


def nothing() -> Document:
    """Return a document that says nothing: its id is empty, as no id is."""
    made = Document()
    made.add_text(ID_FIELD, "")
    return made


def _add(builder: SchemaBuilder, number: int, field: Field) -> None:
    name = values_field(number, field)
    if field.is_text:
        builder.add_text_field(words_field(number), tokenizer_name="raw")
        builder.add_text_field(stems_field(number), tokenizer_name="raw", index_option="freq")
        if field.infix:
            builder.add_text_field(pieces_field(number), tokenizer_name="raw")
        is_fast = field.facet or field.sort
        builder.add_text_field(name, fast=is_fast, tokenizer_name="raw", index_option="basic")
    elif field.type == "float":
        builder.add_float_field(name, indexed=True, fast=True)
    else:
        builder.add_integer_field(name, indexed=True, fast=True)


def _add_texts(made: Document, number: int, field: Field, texts: Sequence[str], language: str | None) -> None:
    found = [*_placed(texts, language)]
    forms = [(place, form) for place, token in found for form in token.forms]
    made.add_pre_tokenized_text(words_field(number), _tokens(forms))
    if language is not None:
        stemmed = [(place, token.stem) for place, token in found if token.stem is not None]
        made.add_pre_tokenized_text(stems_field(number), _tokens(stemmed))
    if field.infix:
        made.add_pre_tokenized_text(pieces_field(number), _tokens(_pieces(forms)))
    for text in texts:
        made.add_text(values_field(number, field), whole(text, field))


def _pieces(forms: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the pieces of words at places of their own: those of a word one after the other, none beside another's."""
    found: list[tuple[int, str]] = []
    place = 0
    for _, form in forms:
        pieces = words.pieces(form)
        found += [(place + number, piece) for number, piece in enumerate(pieces)]
        place += len(pieces) + 1
    return found


def _placed(texts: Sequence[str], language: str | None) -> Iterator[tuple[int, tokens.Token]]:
    place = 0
    for text in texts:
        for token in tokens.of(text, language):
            yield place, token
            place += 1
        place += _BETWEEN_TEXTS


def _tokens(placed: Sequence[tuple[int, str]]) -> PreTokenizedString:
    return PreTokenizedString("", [Token(text, place, 0, 0) for place, text in placed])
