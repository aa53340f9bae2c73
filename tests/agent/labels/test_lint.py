from __future__ import annotations

import re

import pytest

from agent.labels.lint import COMMANDS, RULES, SETTINGS
from agent.labels.template import TemplateFault, compile_template
from tests.agent.labels.conftest import HEADER, NAMES, source
from tests.agent.labels.conftest import SETTINGS as SET
from tests.support.needs import ROOT

CODE = HEADER + "# field code code max 8 like A-1\n# field number digits exactly 4 like 1234\n"
WHO = NAMES + "\n"


def faults_of(text: str, dpi: int | None = None) -> str:
    with pytest.raises(TemplateFault) as raised:
        compile_template("mine", text, dpi)
    return "\n".join(raised.value.faults)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (WHO + "~JA", "mine.zpl:5: labels may not use ~JA; take it away (got '~JA')."),
        (WHO + "^CC+", "mine.zpl:5: labels may not use ^CC; take it away (got '^CC+')."),
        (WHO + "^JUS", "labels may not use ^JU"),
        (WHO + "^FXremark^FS", "labels may not use ^FX"),
        (WHO + "^FO1,1^A0N,30,20^FDx^FS", "write ^A0N,height,width, both the same (got '^A0N,30,20')."),
        (WHO + "^FO1,1^A0R,30,30^FDx^FS", "write ^A0N,height,width"),
        (WHO + "^FO1,1^A0N,30,30^FDKöln^FS", "write ^FDdata in ASCII (got '^FDKöln')."),
        (WHO + "^PQ2", "write ^PQ1,0,1,N (got '^PQ2')."),
        ("no command", "mine.zpl:4: each line starts with a command, ^ or a # (got 'no command')."),
    ],
)
def test_only_these_commands(body: str, sentence: str) -> None:
    assert sentence in faults_of(source(body))


@pytest.mark.parametrize("setting", ["^JZY", "^PQ2,0,1,N", "^CI27", "^POI", "^LH9,0", "^BY4,2,260", "^MD99x"])
def test_a_setting_that_would_print_something_else_is_refused(setting: str) -> None:
    """^JZY would print an SSCC label a second time by itself, ^PQ2 two of it."""
    others = [f"^{each}" for each in SET.split("^")[1:] if each[:2] != setting[1:3]]
    told = faults_of(source(settings="".join(others) + setting))
    assert f"mine.zpl:3: write {SETTINGS[setting[1:3]].written} (got '{setting}')." in told


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (source(WHO + "^XZ^XA"), "a template is one label"),
        (source("", HEADER), "there is nothing on this label"),
        (source(WHO, HEADER, "^A0N,30,30" + SET), "^A belongs to a field; write it after its ^FO."),
        (source(WHO + "^FO1,1^FDx^FS"), "a field is ^FO, then ^GB or one of"),
        (source(WHO + "^FO1,1^A0N,30,30^FDx"), "a field is ^FO"),
        (source(WHO + "^A0N,30,30^FDx^FS"), "then ^FS (got '^A0N,30,30^FDx^FS')."),
    ],
)
def test_one_label_in_order(text: str, sentence: str) -> None:
    assert sentence in faults_of(text)


def test_every_setting_is_set() -> None:
    without = SET.replace("^JZN", "").replace("^LRN", "")
    assert "mine.zpl:3: set ^LR, ^JZ too before the first ^FO." in faults_of(source(settings=without))
    assert "^PR is set twice" in faults_of(source(settings=SET + "^PR6"))


def test_size_is_the_stock() -> None:
    wider = SET.replace("^PW400", "^PW812")
    assert "mine.zpl:3: ^PW must be the stock's 400 dots (got 812)." in faults_of(source(settings=wider))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("^FO1,1^A0N,30,30^FH_^FD{whom}^FS", "{whom} is not a field of the header; declare it or mend its name."),
        ("^FO1,1^A0N,30,30^FDx^FS", "mine.zpl:1: {who} stands nowhere on the label"),
        (WHO + "^FO1,1^A0N,30,30^FD{Who}^FS", "a brace that is no field's would be printed"),
    ],
)
def test_slots_are_declared(body: str, sentence: str) -> None:
    assert sentence in faults_of(source(body))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("^FO1,1^A0N,30,30^FD{who}^FS", "text who: write ^A0N,height,width^FH_^FD{name}^FS, no more (got ^FD{who})."),
        ("^FO1,1^A0N,30,30^FH_^FDTo {who}^FS", "no more (got ^FDTo {who})."),
        ("^FO1,1^BQN,2,4^FH_^FDQA,{who}^FS", "text who: write ^A0N"),
        (WHO + "^FO1,50^A0N,30,30^FH_^FD{code}^FS", "write `width DOTS` in its header line"),
        (WHO + "^FO1,50^BCN,50,N,N,N,N^FH_^FD>:{code}^FS", "write ^FD{code} without ^FH_ in a ^BC"),
        (WHO + "^FO1,50^BQN,2,4^FDQA,{code}^FS", "code code: write ^FH_^FD"),
        (
            WHO + "^FO1,50^A0N,20,20^FH_^FDno_{number}^FS",
            "after ^FH_ write an underscore as _5F (got ^FDno_{number}).",
        ),
    ],
)
def test_slots_are_safe(body: str, sentence: str) -> None:
    assert sentence in faults_of(source(body, CODE))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("^FO1,50^BCN,50,N,N,N,N^FD>;12{code}^FS", "set C takes pairs of digits"),
        ("^FO1,50^BCN,50,N,N,N,N^FD{code}^FS", "this barcode must start with >: (set B) or >; (set C)"),
        (
            "^FO1,50^BCN,50,N,N,N,N^FD>;>80{number}>6{code}^FS",
            "set C takes pairs of digits; switch to set B with >6 before '0>'",
        ),
        ("^FO1,50^BXN,4,200,,,,\\,1^FH_^FD{code}^FS", "must start with FNC1, written \\1"),
        ("^FO1,50^BXN,4,200,,,,\\,1^FH_^FD\\1{code}\\2^FS", "has a \\ that is not the \\1 of FNC1"),
        ("^FO1,50^BQN,2,4^FH_^FD{code}^FS", "must start with the error level and `A,`"),
    ],
)
def test_codes_say_what_they_hold(body: str, sentence: str) -> None:
    body += "^FO200,100^A0N,30,30^FD{number}^FS"
    assert sentence in faults_of(source(WHO + body, CODE.replace("max 8", "max 8 width 90") + ""))


@pytest.mark.parametrize(
    ("module", "height", "sentence"),
    [
        (1, 50, "a module must be at least 0.25 mm (got 1 dots, 0.125 mm)."),
        (3, 260, None),
    ],
)
def test_modules_can_be_scanned(module: int, height: int, sentence: str | None) -> None:
    header = "# stock 812x400 dots at 203 dpi\n# field code code max 8 like A-1\n"
    settings = SET.replace("400", "812").replace("200", "400").replace("^BY4", f"^BY{module}")
    text = source(f"^FO64,20^BCN,{height},N,N,N,N^FD>:{{code}}^FS", header, settings)
    if sentence:
        assert sentence in faults_of(text)
    else:
        compile_template("mine", text)


def test_gs1_symbols_have_the_sizes_that_gs1_asks() -> None:
    header = "# stock 812x400 dots at 203 dpi\n# field number digits exactly 18 like 340123450000000017\n"
    settings = SET.replace("400", "812").replace("200", "400")
    label = "^FO94,20^BCN,{height},N,N,N,N^FD>;>800{{number}}^FS"
    assert "bars of GS1-128 must be 31.75 mm high" in faults_of(source(label.format(height=200), header, settings))
    small = settings.replace("^BY4", "^BY3")
    assert "must be 0.495 to 1.016 mm (got 3 dots at 203 dpi" in faults_of(
        source(label.format(height=260), header, small)
    )
    compile_template("mine", source(label.format(height=260), header, settings))


def test_text_has_room() -> None:
    header = HEADER.replace("width 300", "width 59")
    assert "the room of who must be at least 60 dots at this height (got 59)." in faults_of(source(header=header))


@pytest.mark.parametrize(
    "body", ["^FO101,10^A0N,30,30^FH_^FD{who}^FS", WHO + "^FO10,190^A0N,30,30^FDx^FS", WHO + "^FO390,10^GB20,3,3^FS"]
)
def test_all_is_on_the_paper(body: str) -> None:
    assert "this reaches over the paper of 400x200 dots" in faults_of(source(body))


def test_quiet_zones_are_free() -> None:
    header = HEADER + "# field code code max 4 like A-1\n"
    settings = SET.replace("^BY4", "^BY2")
    told = faults_of(source(WHO + "^FO40,20^BCN,60,N,N,N,N^FD>:{code}^FS", header, settings))
    assert "mine.zpl:5: this stands in the quiet zone of the barcode of line 6: keep 20,20 to" in told
    compile_template("mine", source(WHO + "^FO40,60^BCN,60,N,N,N,N^FD>:{code}^FS", header, settings))


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("# field who text max 20 width 300 like A\n", "the paper is not named; add `# stock"),
        (HEADER + "# feild x text max 2 width 3\n", "mine.zpl:3: this header line cannot be read"),
        (HEADER + "# field who digits exactly 3 like 123\n", "mine.zpl:3: the field who is declared twice"),
        (HEADER + "# field x text max two\n", "cannot be read"),
        (HEADER + "# field x text max 20 width 100\n", "cannot be read"),
        (HEADER + "# field x text max 251 width 100 like x\n", "cannot be read"),
        ("# stock 400x99999 dots at 203 dpi\n", "the stock must be at most 15000 dots"),
        ("# stock 400x200 dots at 200 dpi\n", "cannot be read"),
    ],
)
def test_a_header_that_cannot_be_read_is_named(header: str, sentence: str) -> None:
    assert sentence in faults_of(source(header=header))


def test_a_sample_that_its_own_field_refuses_is_named() -> None:
    header = HEADER + "# field number digits exactly 4 like 12x4\n"
    told = faults_of(source(WHO + "^FO10,80^A0N,30,30^FD{number}^FS", header))
    assert "its own sample is refused: Label mine: number must be exactly 4 digits (got '12x4')" in told


def test_every_fault_of_a_file_is_told_at_once() -> None:
    told = faults_of(source(WHO + "~JA\n^FO1,1^A0N,30,20^FDx^FS\n^FO1,1^A0N,30,30^FD{whom}^FS"))
    assert [each.split(":")[1] for each in told.splitlines()] == ["5", "6", "7"]


def test_the_documentation_lists_every_rule_and_every_command() -> None:
    page = (ROOT / "docs" / "labels.md").read_text(encoding="utf-8")
    rules = [rule.__doc__ or "" for rule in RULES]
    for rule in rules:
        assert f"- {re.sub(chr(92) + 's+', ' ', rule).strip()}\n" in page
    settings = " ".join(f"`{form.written}`" for form in SETTINGS.values())
    others = "\n".join(f"- `{form.written}`" for code, form in COMMANDS.items() if code not in SETTINGS)
    assert settings in page
    assert others in page


def test_each_rule_has_its_test_here() -> None:
    assert {rule.__name__ for rule in RULES} <= {
        name.removeprefix("test_") for name in globals() if name.startswith("test_")
    }
