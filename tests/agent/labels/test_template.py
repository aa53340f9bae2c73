from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.labels.template import (
    LabelRefused,
    LabelUnsafe,
    Template,
    TemplateFault,
    compile_template,
    load,
    require_same_commands,
)
from agent.labels.zpl_parse import Command, parse
from local_store.domain.codes import sscc_of

SETTINGS = "^CI28^PW400^LL200^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY4,2,260^MNY^MMT^MD0^PR4^JZN^PQ1,0,1,N"
HEADER = "# stock 400x200 dots at 203 dpi\n# field who text max 20 width 300\n"
NAMES = "^FO10,10^A0N,30,30^FH_^FD{who}^FS"
ATTACKS = ["^XA^XZ~JA", "\x10JA", "\x1eXZ", "a\x1fb", "_5EXZ", "^CC+", "~CT!", "\r\n^XZ", "{who}", ">8>;", "\\&"]


def small(body: str = NAMES, header: str = HEADER, settings: str = SETTINGS) -> Template:
    return compile_template("small", f"{header}^XA{settings}\n{body}\n^XZ\n")


def codes(commands: list[Command]) -> list[str]:
    return [command.prefix + command.code for command in commands]


def hostile_text() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(ATTACKS) | st.text(max_size=20), max_size=4).map("".join)


@given(st.data())
def test_no_text_in_any_field_ever_becomes_a_command(data: st.DataObject) -> None:
    template = load("gs1_logistic_4x6")
    values = {name: data.draw(hostile_text(), name) for name in template.fields}
    values["sscc"] = sscc_of("4012345", 3, data.draw(st.integers(0, 10**9 - 1)))
    found = parse(template.render(values))
    assert codes(found) == codes(list(template.commands))
    for rendered, planned in zip(found, template.commands, strict=True):
        if planned.code != "FD":
            assert rendered == planned


@given(st.text())
def test_a_digits_field_takes_nothing_but_its_digits(text: str) -> None:
    template = load("gs1_logistic_4x6")
    values = dict.fromkeys(template.fields, "") | {"sscc": text}
    with pytest.raises(LabelRefused, match="sscc must be exactly 18 digits"):
        template.render(values)


@pytest.mark.parametrize("injected", [b"^XZ", b"~JA", b"\x10JA", b"\x1eXZ"])
def test_bytes_that_parse_to_other_commands_are_never_given_out(injected: bytes) -> None:
    good = small().render({"who": "Ann"})
    expected = parse(good)
    require_same_commands("small", expected, good)
    with pytest.raises(LabelUnsafe, match="was not printed"):
        require_same_commands("small", expected, good.replace(b"Ann", b"A" + injected))


def test_a_missing_or_unknown_value_is_named() -> None:
    with pytest.raises(LabelRefused, match="missing or unknown: where, who"):
        small().render({"where": "here"})


def test_the_packaged_label_sets_everything_it_relies_on() -> None:
    head = load("gs1_logistic_4x6").render(dict.fromkeys(load("gs1_logistic_4x6").fields, "") | {"sscc": "0" * 18})
    settings = head.split(b"^FO", 1)[0]
    for setting in (b"^CI28", b"^PW812", b"^LL1218", b"^LH0,0", b"^PON", b"^LRN", b"^BY4", b"^JZN", b"^PQ1,0,1,N"):
        assert setting in settings


def test_the_lowest_barcode_is_the_sscc_at_legal_size() -> None:
    commands = load("gs1_logistic_4x6").commands
    (place,) = [number for number, command in enumerate(commands) if command.code == "BC"]
    assert commands[place].parameters == b"N,260,N,N,N,N"
    assert commands[place + 1] == Command("^", "FD", b">;>800{sscc}")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("^FO1,1^A0N,30,30^FD{who}^FS", "write \\^A0N,height,width\\^FH_\\^FD{who}\\^FS"),
        ("^FO1,1^A0N,30,30^FH_^FDTo {who}^FS", "no more"),
        ("^FO1,1^A0N,30,30^FH_^FD{whom}^FS", "{whom} is not a declared field"),
        ("^FO{who},1^FDx^FS", "{who} is not a declared field in a \\^FD"),
        ("^FO1,1^FDx^FS", "no place for who"),
        (NAMES + "~JA", "uses ~JA"),
        (NAMES + "^CC+", "uses CC"),
        (NAMES + "^XZ^XA", "one format"),
        (NAMES + "^FO1,1^BCN,50^FD>;>80{number}^FS", "not a declared field"),
    ],
)
def test_a_template_that_could_go_wrong_does_not_compile(body: str, sentence: str) -> None:
    with pytest.raises(TemplateFault, match=sentence):
        small(body)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("# field who text max 20 width 300\n", "no `# stock"),
        (HEADER + "# feild x text max 2 width 3\n", "cannot read header line"),
        (HEADER + "# field who digits exactly 3\n", "says a field twice"),
        (HEADER + "# field x text max two\n", "cannot read header line"),
    ],
)
def test_a_header_that_cannot_be_read_is_named(header: str, sentence: str) -> None:
    with pytest.raises(TemplateFault, match=sentence):
        small(header=header)


def test_a_template_must_set_what_outlives_a_label() -> None:
    with pytest.raises(TemplateFault, match="must set JZ, LR"):
        small(settings=SETTINGS.replace("^JZN", "").replace("^LRN", ""))
    with pytest.raises(TemplateFault, match="PW must be the stock's 400 dots"):
        small(settings=SETTINGS.replace("^PW400", "^PW812"))


def test_an_odd_number_of_digits_in_set_c_does_not_compile() -> None:
    header = HEADER + "# field number digits exactly 18\n"
    small(NAMES + "^FO1,1^BCN,50^FD>;>800{number}^FS", header)
    with pytest.raises(TemplateFault, match="odd number of digits"):
        small(NAMES + "^FO1,1^BCN,50^FD>;>80{number}^FS", header)


def test_a_template_that_is_not_there_is_named() -> None:
    with pytest.raises(TemplateFault, match="no label template 'nosuch'"):
        load("nosuch")
