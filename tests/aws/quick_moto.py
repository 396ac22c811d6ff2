"""Makes moto answer sooner, and no different: half of what the in-process tests took were eight of its detours.

- Every client reads the models of its service anew, half a megabyte of JSON; they are read once a process instead.
- Every attribute of every item is looked up under the eleven names of an `AttributeValue`, each in three spellings;
  text, numbers, truths and nothings, and lists and maps of these, come in and go out as they are.
- Every attribute that is put into an item has all before it measured again; their sum says the same in the end.
- Every list and map in an item is copied whole once for each level above it; what is written anew is a copy already.
- Every action of a transaction copies the whole table, to bring it back if one fails; what the actions name is enough.
- Every call makes the addresses of its service anew, for which S3 loads a module again; they are made once a process.
- Every call has all methods of its service listed, to look up one; they are listed once a process.
- Every `mock_aws` stands in for every address of AWS, in case it is asked by `requests`; nothing here does.
"""

import base64
import copy
import functools
import threading
from typing import Any

from botocore.loaders import JSONFileLoader
from moto.core import models, responses
from moto.core.base_backend import BaseBackend
from moto.core.parse import BaseJSONParser
from moto.core.serialize import JSONSerializer
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

_MOST_BYTES = 405_000
"""What moto lets an item have."""
_AS_THEY_ARE = {"S": str, "N": str, "BOOL": bool, "NULL": bool}


def speed_up() -> None:
    """Take the detours away, for this process."""
    _read_models_once()
    _take_text_and_numbers_as_they_are()
    _send_text_and_numbers_as_they_are()
    DynamoType.to_regular_json = _written_anew
    Item.__init__ = _measured_once
    _copy_what_a_transaction_names()
    models.RESPONSES_METHODS = []
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    _make_addresses_once()


def _read_models_once() -> None:
    load_file = JSONFileLoader.load_file
    read = functools.cache(lambda path: load_file(JSONFileLoader(), path))
    JSONFileLoader.load_file = lambda _, path: read(path)


def _make_addresses_once() -> None:
    made = BaseBackend.urls.fget
    known: dict[type[BaseBackend], Any] = {}

    def addresses(backend: BaseBackend) -> Any:
        if type(backend) not in known:
            known[type(backend)] = made(backend)
        return known[type(backend)]

    BaseBackend.urls = property(addresses)


def _stays_as_it_is(value: Any) -> bool:
    """Tell whether a value is written in JSON as it is: a text, number, truth or nothing, or a list or map of such."""
    if type(value) is not dict or len(value) != 1:
        return False
    [(kind, held)] = value.items()
    if kind in _AS_THEY_ARE:
        return type(held) is _AS_THEY_ARE[kind]
    if kind == "L":
        return type(held) is list and all(map(_stays_as_it_is, held))
    return kind == "M" and type(held) is dict and all(map(_stays_as_it_is, held.values()))


def _take_text_and_numbers_as_they_are() -> None:
    parse = BaseJSONParser._parse_structure

    def quickly(self: BaseJSONParser, shape: Any, value: Any) -> Any:
        if shape.name == "AttributeValue" and _stays_as_it_is(value):
            return value
        return parse(self, shape, value)

    BaseJSONParser._parse_structure = quickly


def _send_text_and_numbers_as_they_are() -> None:
    serialize = JSONSerializer._serialize_type_structure

    def quickly(self: JSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and key and _stays_as_it_is(value):
            serialized[key] = value
        else:
            serialize(self, serialized, value, shape, key)

    JSONSerializer._serialize_type_structure = quickly


def _measured_once(item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    item.hash_key = hash_key
    item.range_key = range_key
    item.attrs = LimitedSizeDict()
    dict.update(item.attrs, {name: DynamoType(value) for name, value in attrs.items()})
    if item.size() > _MOST_BYTES:
        raise ItemSizeTooLarge


def _written_anew(kept: DynamoType) -> dict[str, Any]:
    value = kept.value
    if isinstance(value, dict):
        value = {name: _anew(each) for name, each in value.items()}
    elif isinstance(value, list):
        value = [_anew(each) for each in value]
    elif kept.is_binary() and isinstance(value, str):
        value = base64.b64decode(value)
    return {kept.type: value}


def _anew(value: Any) -> Any:
    return _written_anew(value) if isinstance(value, DynamoType) else copy.deepcopy(value)


def _copy_what_a_transaction_names() -> None:
    transact = DynamoDBBackend.transact_write_items
    here = threading.local()

    def copied(table: Table, memo: dict[int, Any]) -> Table:
        if getattr(here, "transacts", False):
            return table
        whole = memo[id(table)] = copy.copy(table)
        whole.__dict__ = copy.deepcopy(table.__dict__, memo)
        return whole

    def quickly(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        before = [_Before(backend, action) for action in transact_items]
        here.transacts = True
        try:
            transact(backend, transact_items)
        except Exception:
            for each in before:
                each.bring_back()
            raise
        finally:
            here.transacts = False

    Table.__deepcopy__ = copied
    DynamoDBBackend.transact_write_items = quickly


class _Before:
    """What an action is about to change: an item, its place among others, and the stream."""

    def __init__(self, backend: DynamoDBBackend, action: dict[str, Any]) -> None:
        kind, asked = next(iter(action.items()))
        self._holder: dict[Any, Any] = {}
        self._name: Any = None
        self._item: Any = None
        self._order: list[Any] = []
        self._records: list[Any] = []
        self._length = 0
        table = backend.tables.get(asked.get("TableName"))
        named = asked.get("Key") or asked.get("Item") or {}
        if table is None or not named.keys() >= set(table.table_key_attrs):
            return
        pk, *sk = (DynamoType(named[name]) for name in table.table_key_attrs)
        self._holder, self._name = (table.items[pk], sk[0]) if sk else (table.items, pk)
        self._order = list(self._holder)
        # Only an update changes the item itself; the others put one in its place.
        item = self._holder.get(self._name)
        self._item = copy.deepcopy(item) if kind == "Update" else item
        self._records = table.stream_shard.items if table.stream_shard else []
        self._length = len(self._records)

    def bring_back(self) -> None:
        del self._records[self._length :]
        now = dict(self._holder)
        now.pop(self._name, None)
        if self._item is not None:
            now[self._name] = self._item
        self._holder.clear()
        self._holder.update({name: now.pop(name) for name in self._order if name in now})
        self._holder.update(now)
