from __future__ import annotations

from pathlib import Path

import pytest

from agent.labels.library import PACKAGED, PrinterSize, Templates, load_site, packaged_names
from agent.labels.template import TemplateFault
from tests.agent.labels.conftest import HEADER, NAMES, source

PRINTER = PrinterSize("pack1", 203, 812)


def site(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.zpl").write_text(text, encoding="utf-8")
    return folder


def faults_of(folder: Path, *printers: PrinterSize) -> list[str]:
    with pytest.raises(TemplateFault) as raised:
        load_site(folder, printers)
    return raised.value.faults


def test_the_shipped_templates_are_those_a_warehouse_needs() -> None:
    assert packaged_names() == [
        "address",
        "badge",
        "gs1_logistic_4x6",
        "item",
        "item_gs1",
        "location",
        "packing_slip",
        "return",
        "tote",
    ]


def test_a_site_without_a_folder_has_the_shipped_templates(tmp_path: Path) -> None:
    templates = load_site(tmp_path / "templates", [PRINTER])
    assert templates.names() == packaged_names()
    assert not templates.site


def test_a_site_adds_a_template_by_its_file_name(tmp_path: Path) -> None:
    templates = load_site(site(tmp_path, fragile=source()), [PRINTER])
    assert "fragile" in templates.names()
    assert b"^FDAnn^FS" in templates.get("fragile", 203).render({"who": "Ann"})
    assert templates.get("fragile", 300).width_dots == 591


def test_a_sites_template_of_a_shipped_name_takes_its_place(tmp_path: Path) -> None:
    own = PACKAGED.source("location").replace("Shelf D, bay 01, level 3", "Regal D").replace("110,110", "90,90")
    templates = load_site(site(tmp_path, location=own), [PRINTER])
    assert b"^A0N,90,90" in templates.get("location", 203).render({"code": "A-1", "note": ""})
    assert b"^A0N,110,110" in PACKAGED.get("location", 203).render({"code": "A-1", "note": ""})


def test_a_shipping_label_of_the_site_may_leave_text_out_but_not_its_number(tmp_path: Path) -> None:
    ours = PACKAGED.source("gs1_logistic_4x6")
    kept = [line for line in ours.splitlines() if "{service" not in line and "field service" not in line]
    load_site(site(tmp_path, gs1_logistic_4x6="\n".join(kept)), [PRINTER])
    dropped = [line for line in ours.splitlines() if "{sscc}" not in line and "field sscc digits" not in line]
    added = "\n".join(dropped).replace("# field copy", "# field colour text max 8 width 144 like red\n# field copy")
    added = added.replace("^FDSSCC^FS", "^FDSSCC^FS\n^FO600,640^A0N,40,40^FH_^FD{colour}^FS")
    told = faults_of(site(tmp_path, gs1_logistic_4x6=added), PRINTER)
    assert "gs1_logistic_4x6.zpl: there is no value for colour; we fill from, carrier, service, to" in told[0]
    assert told[1] == "gs1_logistic_4x6.zpl: sscc must stand on this label; add its field."


def test_a_shipping_label_of_the_site_keeps_the_mark_of_a_copy(tmp_path: Path) -> None:
    ours = PACKAGED.source("gs1_logistic_4x6").splitlines()
    dropped = [line for line in ours if "{copy}" not in line and "field copy" not in line]
    assert faults_of(site(tmp_path, gs1_logistic_4x6="\n".join(dropped)), PRINTER) == [
        "gs1_logistic_4x6.zpl: copy must stand on this label; add its field."
    ]


def test_every_fault_of_every_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    site(tmp_path, one=source(NAMES + "\n~JA"), two=source(header="# stock nonsense\n"), three=source())
    (tmp_path / "Four.zpl").write_text("x")
    (tmp_path / "five.zpl").write_bytes(b"\xff\xfe")
    (tmp_path / "six.zpl").write_text("# note\n" * 10_000)
    told = faults_of(tmp_path, PRINTER)
    assert "Four.zpl: name it with small letters, digits and _, as in location.zpl." in told
    assert "five.zpl: it is not UTF-8 (byte 0); save it as UTF-8." in told
    assert "six.zpl: a template has at most 65536 bytes (got 70000)." in told
    assert "one.zpl:5: labels may not use ~JA; take it away (got '~JA')." in told
    assert any(each.startswith("two.zpl:1: this header line cannot be read") for each in told)
    assert not any("three" in each for each in told)


def test_a_template_that_no_printer_of_the_station_can_take_is_refused(tmp_path: Path) -> None:
    narrow = PrinterSize("tag", 203, 300)
    told = faults_of(site(tmp_path, wide=source()), narrow)
    (sentence,) = told
    assert sentence.startswith("wide.zpl: it is 400 dots wide and the labels of printer 'tag' are 300; make it")
    load_site(tmp_path, [narrow, PRINTER])
    load_site(tmp_path, [PrinterSize("tag", 203, None)])
    load_site(tmp_path, [])


def test_a_shipping_label_must_fit_every_printer_since_it_goes_to_every_one(tmp_path: Path) -> None:
    site(tmp_path, gs1_logistic_4x6=PACKAGED.source("gs1_logistic_4x6"))
    load_site(tmp_path, [PRINTER, PrinterSize("fine", 300, 1200)])
    told = faults_of(tmp_path, PRINTER, PrinterSize("finest", 600, 2400))
    assert len(told) == 1
    assert "a module of GS1-128 must be 0.495" in told[0]
    assert told[0].endswith("So it cannot go to printer 'finest' of 600 dpi.")


def test_a_template_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(TemplateFault, match="no label template 'nosuch'; there are address, badge"):
        PACKAGED.get("nosuch", 203)
    with pytest.raises(TemplateFault, match=r"no label template '\.\./\.\./secret'"):
        Templates({"mine": HEADER}).get("../../secret", 203)
