"""What operations answer, by name: the models are imported when the API reference is made, by who makes it.

No request is held against them, and making those of a context was a fortieth of a cold start.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel


class Reply:
    """The model of an answer, by its module and its name there."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def model(self) -> "type[BaseModel]":
        """Return the model. Raises AttributeError when there is none of this name."""
        model: type[BaseModel] = getattr(import_module(self._module), self._name)
        return model


class Replies:
    """The models of a module, each as an attribute: `replies.Goal`."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Reply:
        return Reply(self._module, name)
