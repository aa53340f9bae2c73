"""Groups of commands that are imported only when one of them is used: the start of the command line matters."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Lists its commands without importing them: name -> `module:attribute`."""

    def __init__(self, *arguments: Any, targets: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._targets = targets

    def list_commands(self, _context: click.Context) -> list[str]:
        """In the order in which a site meets them."""
        return list(self._targets)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import the module of one command."""
        target = self._targets.get(name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command
