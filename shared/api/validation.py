"""The pydantic model of the parameters of a function: what is said of every value that is not plain.

Imported when a request needs it, for pydantic would be a third of a cold start.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, ValidationError, create_model

from shared.api import problems
from shared.api.declarations import Place
from shared.api.parameters import REQUIRED, Parameter

Model = type[BaseModel]


def model(function: Callable[..., Any], parameters: Sequence[Parameter]) -> Model:
    """Return the model of the parameters, whose fields have the keys under which the values are sent."""
    types = hints(function, parameters)
    fields: dict[str, Any] = {
        each.name: (Annotated[types[each.name], _field(each)], ... if each.default is REQUIRED else each.default)
        for each in parameters
    }
    return create_model("Arguments", **fields)


def read(model: Model, sent: Mapping[str, Any], refused: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values by the names of the parameters. Raises InvalidInput for what is `refused` already, too."""
    try:
        values = model.model_validate(sent).__dict__
    except ValidationError as error:
        raise problems.invalid_input([*refused, *(dict(each) for each in error.errors())]) from error
    if refused:
        raise problems.invalid_input(refused)
    return values


def hints(function: Callable[..., Any], parameters: Sequence[Parameter]) -> dict[str, Any]:
    """Return the types of the parameters without their places; those in quotes are of the modules they name."""
    names: dict[str, Any] = {}
    for each in parameters:
        if each.place.shapes is not None:
            names |= vars(importlib.import_module(each.place.shapes))
    types = get_type_hints(function, localns=names, include_extras=True)
    return {each.name: _without_place(types[each.name]) for each in parameters}


def _field(parameter: Parameter) -> Any:
    limits: dict[str, Any] = parameter.place.limits
    return Field(alias=parameter.key, **limits)


def _without_place(hint: Any) -> Any:
    if get_origin(hint) is not Annotated:
        return hint
    declared, *marks = get_args(hint)
    kept = [mark for mark in marks if not isinstance(mark, Place)]
    return Annotated[declared, *kept] if kept else declared
