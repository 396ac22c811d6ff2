"""Makes moto answer sooner, and no different: half of what the in-process tests took were three of its detours.

- Every client reads the models of its service anew, half a megabyte of JSON; they are read once a process instead.
- Every attribute of every item is looked up under the eleven names of an `AttributeValue`, each in three spellings;
  text and numbers, which nearly all are, go out as they are.
- Every transaction copies the table, to bring it back if it fails, with every record that ever went into its stream;
  the records never change, so the copy holds the same ones.
"""

import copy
import functools
from typing import Any

from botocore.loaders import JSONFileLoader
from moto.core.serialize import JSONSerializer
from moto.dynamodb.models.table import StreamShard

_AS_THEY_ARE = ({"S"}, {"N"})


def speed_up() -> None:
    """Take the detours away, for this process."""
    _read_models_once()
    _send_text_and_numbers_as_they_are()
    StreamShard.__deepcopy__ = _with_the_same_records


def _read_models_once() -> None:
    load_file = JSONFileLoader.load_file
    read = functools.cache(lambda path: load_file(JSONFileLoader(), path))
    JSONFileLoader.load_file = lambda _, path: read(path)


def _send_text_and_numbers_as_they_are() -> None:
    serialize = JSONSerializer._serialize_type_structure

    def quickly(self: JSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and key and isinstance(value, dict) and value.keys() in _AS_THEY_ARE:
            serialized[key] = value
        else:
            serialize(self, serialized, value, shape, key)

    JSONSerializer._serialize_type_structure = quickly


def _with_the_same_records(shard: StreamShard, memo: dict[int, Any]) -> StreamShard:
    copied = copy.copy(shard)
    copied.table = copy.deepcopy(shard.table, memo)
    copied.items = list(shard.items)
    return copied
