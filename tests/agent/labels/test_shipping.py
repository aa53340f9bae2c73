from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from agent.labels.library import PACKAGED, Templates
from agent.labels.shipping import TEMPLATE, Address, ShippingLabel, render_shipping_label
from agent.labels.template import LabelRefused
from local_store.domain.codes import sscc_of
from tests.support.render import read_barcodes, render_labels

NAMES = ["Toms Spezialitäten", "Rua do Paço, 67", "^XA^XZ~JA", "_5EXZ \x10JA \x1eXZ Łódź", "W" * 200, ""]


def test_the_sscc_comes_back_from_every_label_as_gs1_128(shipping_label: ShippingLabel, node_renderer: str) -> None:
    labels = [addressed(shipping_label, name, number) for number, name in enumerate(NAMES)]
    images = render_labels([render_shipping_label(label, 203) for label in labels], node_renderer)
    assert [image.size for image in images] == [(812, 1218)] * len(labels)
    assert [read_barcodes(image) for image in images] == [[("]C1", f"00{label.sscc}")] for label in labels]


@pytest.mark.slow
def test_no_real_order_is_cut_and_every_tenth_comes_back_from_its_label(
    shipping_label: ShippingLabel, node_renderer: str, shared: Path
) -> None:
    lines = (shared / "data" / "northwind" / "fulfillments.ndjson").read_text(encoding="utf-8").splitlines()
    labels = [for_order(shipping_label, json.loads(line), number) for number, line in enumerate(lines)]
    zpl = [render_shipping_label(label, 203) for label in labels]
    finer = [render_shipping_label(label, 300) for label in labels]
    assert not any(b"_E2_80_A6" in label for label in zpl + finer), "an address of a real order was cut"
    images = render_labels(zpl[::10], node_renderer)
    assert [read_barcodes(image) for image in images] == [[("]C1", f"00{label.sscc}")] for label in labels[::10]]


def test_an_address_prints_in_its_own_letters(shipping_label: ShippingLabel) -> None:
    zpl = render_shipping_label(shipping_label, 203)
    for data in (b"Toms Spezialit_C3_A4ten", b"44087 M_C3_BCnster", b"GERMANY", b"12.346 kg", b"1 of 3"):
        assert b"^FH_^FD" + data + b"^FS" in zpl


def test_a_second_copy_says_so_and_a_first_does_not(shipping_label: ShippingLabel) -> None:
    assert b"COPY" not in render_shipping_label(shipping_label, 203)
    second = render_shipping_label(shipping_label.model_copy(update={"copy_number": 2}), 203)
    assert b"^FDCOPY 2^FS" in second
    assert b"^FDAttempt 0193a1c2-7b1e-7c3f-9a55-0a1b2c3d4e5f COPY 2^FS" in second


@pytest.mark.parametrize(
    "widest", [{"weight_mg": 99_999_999_999}, {"parcel_number": 999, "parcel_count": 999}, {"copy_number": 99}]
)
def test_a_number_is_never_cut(shipping_label: ShippingLabel, widest: dict[str, int]) -> None:
    zpl = render_shipping_label(shipping_label.model_copy(update=widest), 203)
    assert "…".encode().hex("_", 1).upper().encode() not in zpl


def test_a_parcel_that_was_not_weighed_shows_no_weight(shipping_label: ShippingLabel) -> None:
    assert b"kg" not in render_shipping_label(shipping_label.model_copy(update={"weight_mg": None}), 203)


def test_a_printer_of_300_dpi_gets_the_same_label_in_its_own_dots(
    shipping_label: ShippingLabel, node_renderer: str
) -> None:
    (image,) = render_labels([render_shipping_label(shipping_label, 300)], node_renderer)
    assert image.size == (1200, 1800)
    assert read_barcodes(image) == [("]C1", f"00{shipping_label.sscc}")]


def test_a_printer_that_cannot_draw_bars_wide_enough_is_refused_in_a_sentence(shipping_label: ShippingLabel) -> None:
    with pytest.raises(
        LabelRefused, match=r"at 600 dpi.* must be 0\.495 to 1\.016 mm \(got 10 dots at 600 dpi, 0\.423 mm"
    ):
        render_shipping_label(shipping_label, 600)


def test_a_site_may_have_its_own_shipping_label(shipping_label: ShippingLabel) -> None:
    own = PACKAGED.source(TEMPLATE).replace("^FDSHIP TO^FS", "^FDDELIVER TO^FS")
    assert b"^FDDELIVER TO^FS" in render_shipping_label(shipping_label, 203, Templates({TEMPLATE: own}))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sscc": "340123450000000018"}, "its check digit is 7"),
        ({"parcel_number": 4}, "parcel 4 of 3 does not exist"),
        ({"copy_number": 0}, "greater than or equal to 1"),
        ({"weight_mg": 0}, "greater than 0"),
        ({"carrier": "x" * 201}, "at most 200"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_values_that_make_no_label_are_refused(
    shipping_label: ShippingLabel, wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        ShippingLabel.model_validate(shipping_label.model_dump() | wrong)


def addressed(label: ShippingLabel, name: str, serial: int) -> ShippingLabel:
    address = Address(name=name, address1=name, city=name, country=name)
    return label.model_copy(
        update={"ship_from": address, "ship_to": address, "carrier": name, "sscc": sscc_of("4012345", 3, serial)}
    )


def for_order(label: ShippingLabel, order: dict[str, dict[str, str | None]], serial: int) -> ShippingLabel:
    address = Address.model_validate({part: text or "" for part, text in order["ship_to"].items()})
    return label.model_copy(
        update={"ship_to": address, "order_id": order["order_id"], "sscc": sscc_of("4012345", 3, serial)}
    )
