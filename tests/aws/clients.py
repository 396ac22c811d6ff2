"""Makes clients of AWS sooner, and no different: one for each way to ask for one, in the whole process.

A client takes 20 ms of processor time to make, as long as many a test. A test that asks for a new one gets the old one
as if it were new: what was registered with it is gone, and it may repeat calls as often.
"""

import functools
import os
from collections.abc import Callable
from copy import copy
from typing import Any, NamedTuple

import boto3
import botocore.session
from botocore.client import BaseClient
from botocore.hooks import HierarchicalEmitter
from botocore.session import Session


class Kept(NamedTuple):
    """A client, and what was registered with it when it was new."""

    client: BaseClient
    hooks: HierarchicalEmitter


class WatchedHooks(HierarchicalEmitter):
    """Hooks that know whether anything was registered or taken away."""

    is_new = True

    def _register_section(self, *args: Any, **kwargs: Any) -> None:
        self.is_new = False
        super()._register_section(*args, **kwargs)

    def unregister(self, *args: Any, **kwargs: Any) -> None:
        self.is_new = False
        super().unregister(*args, **kwargs)


def share() -> None:
    """Share clients, from now on, in this process."""
    kept: dict[Any, Kept] = {}
    shared: list[tuple[Session, bool]] = []

    def for_the_code() -> Session:
        shared.append((Session(), True))
        return shared[-1][0]

    def for_the_tests() -> boto3.Session:
        made = boto3.Session()
        shared.append((made._session, False))
        return made

    make = Session.create_client
    begin = boto3.Session.__init__

    def create_client(session: Session, *args: Any, **kwargs: Any) -> BaseClient:
        is_of_the_code = next((of_the_code for each, of_the_code in shared if each is session), None)
        if is_of_the_code is None:
            return make(session, *args, **kwargs)
        way = (is_of_the_code, _environment(), repr(args), *((name, _said(kwargs[name])) for name in sorted(kwargs)))
        if way in kept and (is_of_the_code or _hooks(kept[way].client).is_new):
            return _as_new(kept[way])
        client = make(session, *args, **kwargs)
        _hooks(client).__class__ = WatchedHooks
        kept[way] = Kept(client, copy(_hooks(client)))
        return client

    def begin_anew(session: boto3.Session, *args: Any, **kwargs: Any) -> None:
        begin(session, *args, **{"botocore_session": Session(), **kwargs})

    Session.create_client = create_client
    boto3.Session.__init__ = begin_anew
    boto3._get_default_session = _by_environment(for_the_tests)
    botocore.session.get_session = _by_environment(for_the_code)


def _by_environment(make: Callable[[], Any]) -> Callable[[], Any]:
    made = functools.cache(lambda _: make())
    return lambda: made(_environment())


def _environment() -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in os.environ.items() if name.startswith("AWS_")))


def _said(value: Any) -> str:
    return repr(sorted(getattr(value, "_user_provided_options", {}).items()) or value)


def _hooks(client: BaseClient) -> Any:
    return client.meta.events._emitter


def _as_new(kept: Kept) -> BaseClient:
    hooks = _hooks(kept.client)
    if not hooks.is_new:
        hooks.__dict__.update(copy(kept.hooks).__dict__, is_new=True)
    for handler in hooks._handlers.prefix_search(f"after-call.{kept.client.meta.service_model.service_id.hyphenize()}"):
        checker = getattr(handler, "__self__", None)
        if hasattr(checker, "_quota"):
            checker._quota.release(checker._quota.INITIAL_CAPACITY)
    return kept.client
