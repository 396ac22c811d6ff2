"""Runs of the indexer, what they leave, and where they break off."""

import importlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from functions.search.collections import pointers
from functions.search.indexing import indexer, readers
from tests.search.people import Person

WHALE = {"id": "moby", "title": "The White Whale"}


class Broken(Exception):
    """The process ended here."""


def always() -> bool:
    return True


def runs(person: Person, collection: Mapping[str, Any]) -> bool:
    readers.forget()
    return indexer.run(person.tenant_id, collection["name"], collection["collection_id"], always).is_done


def pointer(collection: Mapping[str, Any]) -> pointers.Pointer:
    found = pointers.find(collection["collection_id"], consistent=True)
    assert found is not None
    return found


def kept() -> set[str]:
    """Return the keys of all objects of the bucket."""
    listed = boto3.client("s3").list_objects_v2(Bucket=os.environ["FILES_BUCKET"]).get("Contents", [])
    return {each["Key"] for each in listed}


@contextmanager
def breaking(place: str, *, before: bool) -> Iterator[None]:
    """Have the process end at the first call of a function, before or after what it does."""
    module, _, name = place.rpartition(".")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)

    def broken(*args: Any, **more: Any) -> Any:
        if not before:
            function(*args, **more)
        raise Broken

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{module}.{name}", broken)
        with pytest.raises(Broken):
            yield
