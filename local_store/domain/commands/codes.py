"""Codes that are linked to products by hand."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from local_store.domain.commands.base import Badge, Code, Command, Id


class LinkCode(Command):
    """A code that is not known here is to count as `multiplier` of a product; `badge` is the supervisor's."""

    kind: ClassVar[str] = "code-link"
    code: Code
    symbology: str | None = Field(default=None, max_length=3)
    sku: Id
    multiplier: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    badge: Badge


class UnlinkCode(Command):
    """A code that was linked here counts as nothing any more."""

    kind: ClassVar[str] = "code-unlink"
    code: Code
    symbology: str | None = Field(default=None, max_length=3)
    badge: Badge
