"""Records: what an item holds, as a NamedTuple whose fields are attributes, so that a field is named once.

An entity keeps its own `to_item` and `from_item`, which take from here what is stored as it is in the record: texts,
whole numbers, truth values, and lists of these. What is stored in another form stands beside it there.
"""

from typing import NamedTuple, TypeVar

from shared.storage.attributes import Item, Key

R = TypeVar("R", bound=NamedTuple)


def to_item(key: Key, entity: str, record: NamedTuple) -> Item:
    """Return the item of a record; a field that has a default is left out while it has that."""
    defaults = record._field_defaults
    item: Item = {"PK": key.pk, "SK": key.sk, "entity": entity}
    for name, value in zip(record._fields, record, strict=True):
        if name not in defaults or value != defaults[name]:
            item[name] = value
    return item


def from_item(kind: type[R], item: Item) -> R:
    """Return the record of an item; a field whose attribute is not there has its default.

    Raises KeyError for one without a default.
    """
    defaults = kind._field_defaults
    return kind._make([item[name] if name in item else defaults[name] for name in kind._fields])
