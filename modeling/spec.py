"""Strict reading of a specification: every field given, none invented, each of its declared type."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from modeling.errors import BundleError

Spec = TypeVar("Spec")


def _has_type(value: object, declared: Any) -> bool:
    origin = typing.get_origin(declared)
    if origin in (typing.Union, types.UnionType):
        return any(_has_type(value, option) for option in typing.get_args(declared))
    if origin is typing.Literal:
        return value in typing.get_args(declared)
    if origin is tuple:
        item = typing.get_args(declared)[0]
        return isinstance(value, list | tuple) and all(_has_type(each, item) for each in value)
    if declared is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if declared is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, declared)


def read_spec(kind: type[Spec], raw: Mapping[str, Any]) -> Spec:
    """Build the frozen dataclass `kind` from `raw`; lists become tuples.

    A field with a default must be given all the same: what is served never depends on a default of today's code.
    Raises BundleError for an unknown field, a missing field or a wrong type.
    """
    hints = typing.get_type_hints(kind)
    names = {field.name for field in dataclasses.fields(typing.cast(Any, kind))}
    if unknown := sorted(set(raw) - names):
        raise BundleError(f"{kind.__name__}: unknown fields {unknown}")
    if missing := sorted(names - set(raw)):
        raise BundleError(f"{kind.__name__}: missing fields {missing}")
    for name in sorted(names):
        if not _has_type(raw[name], hints[name]):
            raise BundleError(f"{kind.__name__}.{name}: {raw[name]!r} is not {hints[name]}")
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()})
