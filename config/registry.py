"""Things by the name edge.toml uses: ours, and those that a site's own packages bring as entry points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)


class Registry(Mapping[str, T], Generic[T]):
    """Each is imported when it is first asked for: a station loads the code of what it uses only.

    `built_in` gives `package.module:NAME` by name, `group` is the entry point group of other packages, whose things
    cannot take one of our names. Each must be a `kind` whose `name` is the name it is found by.
    """

    def __init__(self, group: str, built_in: Mapping[str, str], kind: type[T]) -> None:
        self._group, self._built_in, self._kind = group, built_in, kind

    def __getitem__(self, name: str) -> T:
        if name in self._built_in:
            module, _, attribute = self._built_in[name].partition(":")
            found = getattr(import_module(module), attribute)
        else:
            found = self._installed[name].load()
        if not isinstance(found, self._kind) or getattr(found, "name", None) != name:
            kind = f"{self._kind.__module__}.{self._kind.__qualname__}"
            raise TypeError(f"'{name}' of {self._group} is {found!r}: it must be a {kind} of that name")
        return found

    def __iter__(self) -> Iterator[str]:
        yield from self._built_in
        yield from (name for name in self._installed if name not in self._built_in)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @cached_property
    def _installed(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=self._group)}


class SettingsModels(Mapping[str, type[Model]], Generic[T, Model]):
    """The settings model of each thing of a registry, for the loading of edge.toml."""

    def __init__(self, registry: Registry[T], model_of: Callable[[T], type[Model]]) -> None:
        self._registry, self._model_of = registry, model_of

    def __getitem__(self, name: str) -> type[Model]:
        return self._model_of(self._registry[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._registry)

    def __len__(self) -> int:
        return len(self._registry)
