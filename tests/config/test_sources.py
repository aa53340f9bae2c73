"""Where a setting comes from: the line that says it, or its usual value; and never a secret."""

from __future__ import annotations

from pathlib import Path

import devices.registry
import sync.dialects
from config import load
from config.sources import Setting, lines_of, settings_shown

TEXT = '''[station]
id = "pack-1"   # its name
warehouse_id = "WH-1"
data_dir = "store"

[hq.main]
dialect = "ofs"
url = "https://hq.example.com"
secret = "hq-main"
tenant = "acme"

[workplaces.pack-1]
work = "pack"
devices = []

[workers.ana]
name = """
listen = "not a setting"
"""
badge = "BADGE-ANA-1"
roles = ["packer", "admin"]
'''


def shown(folder: Path) -> dict[str, Setting]:
    path = folder / "edge.toml"
    path.write_text(TEXT, encoding="utf-8")
    settings = load(path, devices.registry.SETTINGS, sync.dialects.SETTINGS)
    return {f"{each.section}.{each.key}": each for each in settings_shown(settings, TEXT)}


def test_a_setting_of_the_file_names_its_line(tmp_path: Path) -> None:
    found = shown(tmp_path)
    assert (found["station.id"].value, found["station.id"].line) == ("pack-1", 2)
    assert (found["hq.main.url"].value, found["hq.main.url"].line) == ("https://hq.example.com/", 8)
    assert found["workers.ana.roles"].value == "admin, packer"


def test_a_setting_that_the_file_does_not_say_has_its_usual_value_and_no_line(tmp_path: Path) -> None:
    found = shown(tmp_path)
    assert (found["station.listen"].value, found["station.listen"].line) == ("127.0.0.1:8765", None)
    assert found["packing.label_check"].value == "false"


def test_what_stands_in_a_long_text_is_no_setting() -> None:
    assert ("workers", "ana", "listen") not in lines_of(TEXT)


def test_no_secret_badge_or_pin_is_shown(tmp_path: Path) -> None:
    found = shown(tmp_path)
    assert found["workers.ana.badge"].value == "•••"
    assert found["hq.main.secret"].value == "•••"
    assert not any("BADGE-ANA" in each.value for each in found.values())
