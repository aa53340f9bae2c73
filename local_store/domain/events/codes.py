"""Codes that a supervisor linked to products."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from local_store.domain.events.base import Fact


class CodeLinked(Fact):
    """A supervisor said that a code counts as `multiplier` of a product; scans are looked up by `key`."""

    kind: ClassVar[str] = "code.linked"
    for_hq: ClassVar[bool] = True
    code: str
    symbology: str | None
    key: str
    sku: str
    multiplier: int = Field(ge=1)

    @property
    def entity(self) -> str:
        """The product."""
        return f"product:{self.sku}"


class CodeUnlinked(Fact):
    """A supervisor took such a link away."""

    kind: ClassVar[str] = "code.unlinked"
    for_hq: ClassVar[bool] = True
    code: str
    key: str
    sku: str
    multiplier: int = Field(ge=1)

    @property
    def entity(self) -> str:
        """The product."""
        return f"product:{self.sku}"
