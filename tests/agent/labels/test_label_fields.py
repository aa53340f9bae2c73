from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.labels.library import PACKAGED, packaged_names
from agent.labels.template import Template
from tests.support.real_names import addresses
from tests.torture import label_fields
from tests.torture.label_fields import fault_of

SEED, VALUES = 20261121, 20_000
ALL = [PACKAGED.get(name, dpi) for name in packaged_names() for dpi in (203, 300)]


def filled(template: Template, lines: list[str]) -> dict[str, str]:
    """The samples, with these lines in every text, block and list."""
    values = template.samples()
    for number, field in enumerate(
        each for each in template.fields.values() if each.kind in {"text", "block", "list"}
    ):
        start = number % len(lines)
        chosen = (lines[start:] + lines[:start])[: field.lines]
        values[field.name] = "\n".join(each.replace("\n", " ") for each in chosen)
    return values


@pytest.mark.slow
def test_20000_values_that_try_to_be_commands_stay_data() -> None:
    counts = label_fields.run(SEED, VALUES)
    assert counts.done["values"] >= VALUES
    counts.report()


def test_1000_names_and_addresses_of_the_world_stay_data() -> None:
    many = 0
    for number, (name, street, place) in enumerate(addresses(1000)):
        template = ALL[number % len(ALL)]
        zpl = template.render(filled(template, [name, street, place]))
        assert fault_of(template, zpl) is None, (template.name, name, street, place)
        many += 1
    assert many == 1000


@pytest.mark.slow
def test_the_customers_of_the_real_orders_stay_data_on_every_label(shared: Path) -> None:
    orders = (shared / "data" / "northwind" / "fulfillments.ndjson").read_text(encoding="utf-8").splitlines()
    for number, order in enumerate(map(json.loads, orders)):
        template = ALL[number % len(ALL)]
        lines = [str(part) for part in order["ship_to"].values() if part] or ["-"]
        assert fault_of(template, template.render(filled(template, lines))) is None, order
