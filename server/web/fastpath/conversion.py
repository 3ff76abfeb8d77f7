"""strawberry's conversion of a coerced value to our classes, with what the classes say worked out once.

Leans on how strawberry converts, which is not public: pin its version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING
from typing import Any

import strawberry
from strawberry.relay import GlobalID
from strawberry.scalars import is_scalar
from strawberry.types import get_object_definition
from strawberry.types.arguments import convert_argument
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.lazy_type import LazyType
from strawberry.types.unset import UNSET

Convert = Callable[[Any], Any]
"""Makes ours of a coerced value. Of null, and of what was left out, it makes the same."""


class Converters:
    """What converts values of a type; None where they are what they should be already."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._registry, self._config = schema.schema_converter.scalar_registry, schema.config
        self._open: set[Any] = set()

    def of(self, type_: Any) -> Convert | None:
        """The conversion. Whatever is not of the ordinary kinds strawberry converts by itself."""
        if isinstance(type_, LazyType):
            return self.of(type_.resolve_type())
        if isinstance(type_, StrawberryOptional) and not isinstance(type_, StrawberryMaybe):
            return self.of(type_.of_type)
        if self._is_leaf(type_):
            return None
        if isinstance(type_, StrawberryList):
            return self._of_list(type_.of_type)
        definition = get_object_definition(type_) if isinstance(type_, type) else None
        if definition is None or not definition.is_input or definition.from_input is not None or type_ in self._open:
            return lambda value: convert_argument(value, type_, self._registry, self._config)
        self._open.add(type_)
        try:
            return self._of_input(type_, definition)
        finally:
            self._open.discard(type_)

    def _is_leaf(self, type_: Any) -> bool:
        is_enum = isinstance(type_, StrawberryEnumDefinition) or isinstance(
            getattr(type_, "__strawberry_definition__", None), StrawberryEnumDefinition
        )
        return is_enum or (type_ is not GlobalID and is_scalar(type_, self._registry))

    def _of_list(self, item: Any) -> Convert:
        convert = self.of(item)

        def listed(value: Iterable[Any]) -> Any:
            if value is None or value is UNSET:
                return value
            return list(value) if convert is None else [convert(one) for one in value]

        return listed

    def _of_input(self, type_: type, definition: Any) -> Convert:
        named = self._config.name_converter.from_field
        fields = [
            (named(one), one.python_name, self.of(one.resolve_type(type_definition=definition)))
            for one in definition.fields
        ]
        absent = {
            one.python_name: None
            for one in definition.fields
            if one.default_value is MISSING and one.default_factory is MISSING
        }

        def made(value: Mapping[str, Any]) -> Any:
            if value is None or value is UNSET:
                return value
            found = dict(absent)
            for name, python_name, convert in fields:
                if name in value:
                    found[python_name] = value[name] if convert is None else convert(value[name])
            return type_(**found)

        return made
