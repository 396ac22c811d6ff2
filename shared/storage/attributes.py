"""DynamoDB's attribute values to and from plain Python values.

boto3's TypeSerializer and TypeDeserializer do the same by way of Decimal; for a goal with all its texts they take
63 µs there and back, this takes 15 (docs/performance.md). Sets and fractions do not occur in this table and are not
supported.
"""

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple

Item = dict[str, Any]


class Key(NamedTuple):
    """The primary key of an item."""

    pk: str
    sk: str


def dump(item: Item) -> dict[str, Any]:
    """Return the item as DynamoDB wants it. Raises TypeError for a value that the table does not hold."""
    return measured(item)[0]


def measured(item: Item) -> tuple[dict[str, Any], int]:
    """Return the item as DynamoDB wants it, and the bytes that DynamoDB counts for it.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    dumped, texts, others = {}, [*item], 0
    for name, value in item.items():
        # Most attributes are texts, here and in `load`; a call for each would be a quarter of the time.
        if value.__class__ is str:
            dumped[name] = {"S": value}
            texts.append(value)
        else:
            dumped[name], size = _measured(value)
            others += size
    return dumped, others + _bytes_of("".join(texts))


def dump_key(key: Key) -> dict[str, Any]:
    """Return the key as DynamoDB wants it."""
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}


def load(attributes: Any) -> Item:
    """Return the plain item of a DynamoDB answer."""
    return {name: value["S"] if "S" in value else _load(value) for name, value in attributes.items()}


def load_key(attributes: Any) -> Key:
    """Return the key of an item, or of a record of the stream. Raises KeyError or TypeError when there is none."""
    return Key(attributes["PK"]["S"], attributes["SK"]["S"])


def _measured(value: Any) -> tuple[dict[str, Any], int]:
    match value:
        case str():
            return {"S": value}, _bytes_of(value)
        case None:
            return {"NULL": True}, 1
        case bool():
            return {"BOOL": value}, 1
        case int():
            text = str(value)
            return {"N": text}, (len(text) + 1) // 2 + 1
        case bytes():
            return {"B": base64.b64encode(value).decode()}, len(value)
        case list() | tuple():
            return _measured_list(value)
        case dict():
            dumped, size = measured(value)
            return {"M": dumped}, 3 + len(value) + size
    raise TypeError(f"{type(value).__name__} is not stored in the table")


def _measured_list(values: Sequence[Any]) -> tuple[dict[str, Any], int]:
    texts = [value for value in values if value.__class__ is str]
    if len(texts) == len(values):
        return {"L": [{"S": text} for text in texts]}, 3 + len(texts) + _bytes_of("".join(texts))
    elements = [_measured(value) for value in values]
    return {"L": [dumped for dumped, _ in elements]}, 3 + sum([1 + size for _, size in elements])


def _bytes_of(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))


def _load(attribute: dict[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return int(value)
        case "NULL":
            return None
        case "B":
            # On the wire and in a record of the stream it is base64; boto3, which commands use, has decoded it.
            return value if isinstance(value, bytes) else base64.b64decode(value)
        case "L":
            return [element["S"] if "S" in element else _load(element) for element in value]
        case "M":
            return load(value)
    raise TypeError(f"attribute type {kind} is not stored in the table")
