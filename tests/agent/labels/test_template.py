from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.labels.fields import escape
from agent.labels.library import PACKAGED, packaged_names
from agent.labels.template import LabelRefused, LabelUnsafe, Template, _prefixes
from agent.labels.zpl_parse import Command, parse
from local_store.domain.codes import sscc_of
from tests.agent.labels.conftest import HEADER, NAMES, small

ATTACKS = [
    "^XA^XZ~JA",
    "\x10JA",
    "\x1eXZ",
    "a\x1fb",
    "_5EXZ",
    "^CC+",
    "~CT!",
    "\r\n^XZ",
    "{who}",
    ">8>;",
    "\\&",
    "%s",
]
ALL = [PACKAGED.get(name, dpi) for name in packaged_names() for dpi in (203, 300)]
PLAIN_SLIP = dict.fromkeys(PACKAGED.get("packing_slip", 203).fields, "x")
PLAIN = "abc XYZ-019_.,()/&"


def hostile_text() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(ATTACKS) | st.text(max_size=20), max_size=4).map("".join)


def line(zpl: bytes) -> bytes:
    """What stands as data in the first escaped field."""
    return zpl.split(b"^FH_^FD", 1)[1].split(b"^FS", 1)[0]


@given(st.data(), st.sampled_from(ALL))
def test_no_text_in_any_field_ever_becomes_a_command(data: st.DataObject, template: Template) -> None:
    values = template.samples()
    for field in template.fields.values():
        if field.kind in {"text", "block"}:
            values[field.name] = data.draw(hostile_text(), field.name)
    found = parse(template.render(values))
    assert [(each.prefix, each.code) for each in found] == [(each.prefix, each.code) for each in template.commands]
    for rendered, planned in zip(found, template.commands, strict=True):
        if b"{" not in planned.parameters:
            assert rendered == planned


@given(st.data(), st.sampled_from(ALL))
def test_the_quick_way_gives_the_label_of_the_long_way(data: st.DataObject, template: Template) -> None:
    """Whether or not the values are plain, they stand on the label cleaned, fitted and escaped."""
    values = template.samples()
    for field in template.fields.values():
        if field.kind in {"text", "block", "list"}:
            most = 12 if field.kind == "list" else 60
            text = st.text(PLAIN, max_size=most) | st.text(max_size=most)
            lines = data.draw(st.lists(text, max_size=field.lines), field.name)
            values[field.name] = "\n".join(each.replace("\n", "") for each in lines)
    long_way = template._filled(template._written(values))
    assert template.render(values) == long_way


def test_an_ordinary_label_goes_the_quick_way() -> None:
    for template in ALL:
        values = {
            name: value.encode("ascii", "ignore").decode() if template.fields[name].kind != "digits" else value
            for name, value in template.samples().items()
        }
        assert template._plain.data(template._texts(values)) is not None, template.name


@given(st.text())
def test_a_digits_field_takes_nothing_but_its_digits(text: str) -> None:
    template = PACKAGED.get("gs1_logistic_4x6", 203)
    with pytest.raises(LabelRefused, match="sscc must be exactly 18 digits"):
        template.render(template.samples() | {"sscc": text})


@pytest.mark.parametrize("code", ["", " A-1", "A-1 ", "A\n1", "Ä-1", "A" * 17, "\x00", "A\x1d1", "😀"])
def test_a_code_is_refused_rather_than_changed(code: str) -> None:
    template = PACKAGED.get("location", 203)
    with pytest.raises(LabelRefused, match="code must be 1 to 16 ASCII letters, digits and signs"):
        template.render(template.samples() | {"code": code})


def test_a_code_that_has_no_room_as_text_is_refused_rather_than_cut() -> None:
    template = PACKAGED.get("location", 203)
    with pytest.raises(LabelRefused, match=r"1465 dots wide and its room is 748; a code is never cut"):
        template.render(template.samples() | {"code": "W" * 16})


@pytest.mark.parametrize("lot", ["LOT 7", "LOT^7", "LOT\\17", "LÖT"])
def test_a_code_in_a_gs1_symbol_has_the_characters_of_gs1_only(lot: str) -> None:
    template = PACKAGED.get("item_gs1", 203)
    with pytest.raises(LabelRefused, match="lot must be 1 to 20 GS1 letters, digits and signs"):
        template.render(template.samples() | {"lot": lot})


def test_the_signs_that_code_128_uses_itself_are_written_as_data() -> None:
    template = PACKAGED.get("location", 203)
    assert b"^FD>:>08<>=>^FS".replace(b"<>=>", b"><>=") in template.render(template.samples() | {"code": ">8^~"})


def test_an_underscore_is_escaped_in_text_and_itself_in_bars() -> None:
    zpl = PACKAGED.get("packing_slip", 203).render({**PLAIN_SLIP, "order": "ord_1"})
    assert b"^FH_^FDord_5F1^FS" in zpl
    assert b"^FD>:ord_1^FS" in zpl


def test_rows_that_a_label_has_no_room_for_are_refused_rather_than_left_out() -> None:
    template = PACKAGED.get("packing_slip", 203)
    with pytest.raises(LabelRefused, match="qty has 19 rows and the label takes 18; print the rest on another"):
        template.render(template.samples() | {"qty": "\n".join("1" * 19)})


@pytest.mark.parametrize("injected", ["^XZ", "~JA", "\x10JA", "\x1eXZ", "^FX"])
def test_bytes_that_parse_to_other_commands_are_never_given_out(injected: str) -> None:
    template = small()
    good = template.render({"who": "Ann"})
    template.require_own_commands(good)
    with pytest.raises(LabelUnsafe, match="was not printed"):
        template.require_own_commands(good.replace(b"Ann", f"A{injected}".encode()))


def test_a_value_wrongly_taken_as_plain_never_leaves_as_a_command() -> None:
    class Careless:
        def data(self, texts: tuple[str, ...]) -> tuple[str, ...]:
            return texts

    template = small()
    vars(template)["_plain"] = Careless()
    for text in ATTACKS:
        if any(prefix in text for prefix in "^~\x10\x1e"):
            with pytest.raises(LabelUnsafe, match="was not printed"):
                template.render({"who": text})


def test_a_value_that_was_not_escaped_never_leaves_as_a_command() -> None:
    template = small()
    vars(template)["_slots"] = tuple(slot._replace(write=str) for slot in template._slots)
    with pytest.raises(LabelUnsafe, match="was not printed"):
        template.render({"who": "Ann  ^XZ"})


@given(st.data(), st.sampled_from(ALL))
def test_counting_prefixes_finds_whatever_a_full_parse_finds(data: st.DataObject, template: Template) -> None:
    """Between the template's own text, data that keeps the count is data for a parser too."""
    parts = template._parts.copy()
    pieces = st.lists(st.sampled_from(["a", "^", "~", "\x1e", "\x10", "FS", "_5E", " "]), max_size=3).map("".join)
    parts[1::2] = [data.draw(pieces) for _ in parts[1::2]]
    zpl = "".join(parts).encode("ascii")
    if _prefixes(zpl) == template._own_prefixes:
        template.require_own_commands(zpl)
    else:
        with pytest.raises(LabelUnsafe):
            template.require_own_commands(zpl)


def test_a_missing_or_unknown_value_is_named() -> None:
    with pytest.raises(LabelRefused, match="missing or unknown: where, who"):
        small().render({"where": "here"})


def test_the_shipping_label_sets_everything_it_relies_on() -> None:
    template = PACKAGED.get("gs1_logistic_4x6", 203)
    settings = template.render(template.samples()).split(b"^FO", 1)[0]
    for setting in (b"^CI28", b"^PW812", b"^LL1218", b"^LH0,0", b"^PON", b"^LRN", b"^BY4", b"^JZN", b"^PQ1,0,1,N"):
        assert setting in settings


def test_the_lowest_barcode_is_the_sscc_at_legal_size() -> None:
    commands = PACKAGED.get("gs1_logistic_4x6", 203).commands
    (place,) = [number for number, command in enumerate(commands) if command.code == "BC"]
    assert commands[place].parameters == b"N,260,N,N,N,N"
    assert commands[place + 1] == Command("^", "FD", b">;>800{sscc}")


def test_a_template_without_any_field_is_a_label_too() -> None:
    template = small("^FO10,10^A0N,30,30^FDFRAGILE^FS", "# stock 400x200 dots at 203 dpi\n")
    assert b"^FDFRAGILE^FS" in template.render({})


@given(st.integers(0, 10**9 - 1), hostile_text())
def test_a_text_stands_on_the_label_escaped(serial: int, text: str) -> None:
    template = PACKAGED.get("gs1_logistic_4x6", 203)
    sscc = sscc_of("4012345", 3, serial)
    zpl = template.render(template.samples() | {"sscc": sscc, "order": text})
    assert f"^FD>;>800{sscc}^FS".encode() in zpl
    if text.isascii() and text.isprintable() and 0 < len(text) <= 10 and text == " ".join(text.split()):
        assert f"^FH_^FD{escape(text)}^FS".encode() in zpl


def test_a_field_may_stand_in_several_places() -> None:
    template = small(NAMES + "^FO10,80^A0N,20,20^FH_^FD{who}^FS", HEADER)
    assert template.render({"who": "Ann"}).count(b"^FDAnn^FS") == 2
