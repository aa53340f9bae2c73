from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from devices.registry import DRIVERS

PAGES = Path(__file__).parents[2] / "docs" / "devices"


@pytest.mark.parametrize("name", DRIVERS)
def test_every_driver_has_a_page_whose_examples_are_valid_settings(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert examples
    for example in examples:
        for section in tomllib.loads(example)["devices"].values():
            assert section["driver"] == name
            DRIVERS[name].settings.model_validate(section)


@pytest.mark.parametrize("name", DRIVERS)
def test_the_page_names_every_setting_and_its_default(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    table = page[page.index("## Settings") :]
    for setting, field in DRIVERS[name].settings.model_fields.items():
        row = next((row for row in table.splitlines() if f"`{setting}`" in row), None)
        assert setting == "driver" or row is not None, setting
        if row is not None and isinstance(field.default, int | float) and not isinstance(field.default, bool):
            assert f"{field.default:g}" in row.replace(",", " ").split(), row


def test_the_datawedge_profile_is_a_bundle_of_texts_that_types_codes_with_enter_and_aim() -> None:
    page = (PAGES / "datawedge.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    profile = json.loads(example)
    plugins = {each["PLUGIN_NAME"]: each["PARAM_LIST"] for each in profile["PLUGIN_CONFIG"]}
    assert all(isinstance(value, str) for parameters in plugins.values() for value in parameters.values())
    assert plugins["KEYSTROKE"]["keystroke_output_enabled"] == plugins["BDF"]["bdf_send_enter"] == "true"
    assert plugins["BARCODE"]["code_id_type"] == "1"
