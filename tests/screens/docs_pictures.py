"""Renews the pictures of `docs/screens.md` from those that the tests of the screens take: `make docs-pictures`."""

from __future__ import annotations

from shutil import copyfile

from tests.screens.conftest import PICTURES
from tests.support.needs import ROOT

SHOWN = {
    "screen_pick.png": "pick_counted_360x640.png",
    "screen_pick_wrong.png": "pick_refused_360x640.png",
    "screen_pick_short.png": "pick_short_360x640.png",
    "screen_not_connected.png": "pick_not_connected_360x640.png",
    "screen_pack.png": "pack_parcels_1280x800.png",
    "screen_pack_doubt.png": "pack_doubt_1280x800.png",
    "screen_receive.png": "receive_counted_light_360x640.png",
    "screen_put_away.png": "put_away_home_360x640.png",
    "screen_inspect.png": "inspect_counted_360x640.png",
    "screen_arabic.png": "receive_arabic_360x640.png",
    "screen_load.png": "load_counted_1280x800.png",
    "screen_supervise.png": "desk_today_1280x800_light.png",
    "screen_setup.png": "setup_devices_dark_768x1024.png",
}
"""Name in `docs/pictures` -> the picture a test takes."""


def main() -> None:
    """Copy them. Raises FileNotFoundError where the tests of the screens were not run before."""
    for name, taken in SHOWN.items():
        copyfile(PICTURES / taken, ROOT / "docs" / "pictures" / name)


if __name__ == "__main__":
    main()
