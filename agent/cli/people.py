"""`edge-agent people …`: what stands for a PIN in edge.toml."""

from __future__ import annotations

import click

from agent.cli.common import Refusal

LEAST_DIGITS, MOST_DIGITS = 6, 12


@click.group()
def people() -> None:
    """People who may sign in."""


@people.command()
@click.password_option("--pin", prompt="PIN", help="Asked for, twice and unseen, when it is left out.")
def pin(pin: str) -> None:
    """Print the line for [workers.NAME] in edge.toml that stands for a PIN of 6 to 12 digits."""
    from agent import pins  # noqa: PLC0415 -- a wrong PIN is told at once

    if not (pin.isascii() and pin.isdigit() and LEAST_DIGITS <= len(pin) <= MOST_DIGITS):
        raise Refusal(f"A PIN has {LEAST_DIGITS} to {MOST_DIGITS} digits and nothing else. Choose another one.")
    if len(set(pin)) == 1 or pin in "01234567890123" or pin in "98765432109876":
        raise Refusal("That PIN would be the first one that somebody tries. Choose another one.")
    print(f'pin_hash = "{pins.make(pin)}"')
