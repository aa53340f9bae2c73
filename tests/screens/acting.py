"""What people do on a work screen beside scanning, and what the station was told."""

from __future__ import annotations

from tests.screens.conftest import Screen
from tests.screens.stand_in import Json, StandIn


def said(station: StandIn) -> list[Json]:
    """Every command with its members, without its id."""
    return [{name: value for name, value in each.items() if name != "command_id"} for each in station.commands]


async def more(screen: Screen, name: str) -> None:
    """Open what stands behind the second tap."""
    await screen.at("action-bar [data-key=more]").click()
    await screen.at(f"reason-tiles [data-key='{name}']").click()


async def press_keys(screen: Screen, text: str) -> None:
    """Touch these keys, on whatever page of the pad they are."""
    for key in text:
        wanted = screen.at(f"key-pad [data-key='{key}']")
        while not await wanted.count():
            await screen.at("key-pad [data-key=page]").click()
        await wanted.click()


async def keyed(screen: Screen, text: str) -> None:
    """Touch these keys, and send them."""
    await press_keys(screen, text)
    await screen.at("key-pad [data-key=ok]").click()
