from __future__ import annotations

import pytest

from agent.labels.draft import read, scaled
from agent.labels.library import PACKAGED, packaged_names
from agent.labels.template import TemplateFault
from tests.agent.labels.conftest import source


@pytest.mark.parametrize("name", packaged_names())
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_every_shipped_template_fits_every_density_but_one(name: str, dpi: int) -> None:
    if (name, dpi) == ("gs1_logistic_4x6", 600):
        with pytest.raises(TemplateFault, match=r"0\.423 mm; a printer draws at most 10 dots"):
            PACKAGED.get(name, dpi)
    else:
        template = PACKAGED.get(name, dpi)
        assert template.dpi == dpi
        template.render(template.samples())


def test_a_4x6_label_at_203_dpi_is_1200_x_1800_dots_at_300() -> None:
    template = PACKAGED.get("gs1_logistic_4x6", 300)
    assert (template.width_dots, template.height_dots) == (1200, 1800)
    assert template.render(template.samples()).count(b"^PW1200^LL1800") == 1


def test_places_and_sizes_follow_the_density_and_modules_stay_whole() -> None:
    draft, faults = read(source("^FO10,20^A0N,30,30^FH_^FD{who}^FS\n^FO0,100^GB100,1,1^FS"))
    assert not faults
    assert draft is not None
    finer = {command.code: command.parameters for command in scaled(draft, 300).commands}
    assert (finer["PW"], finer["LL"]) == (b"591", b"296")
    assert (finer["FO"], finer["GB"], finer["A"]) == (b"0,148", b"148,1,1", b"0N,44,44")
    assert finer["BY"] == b"6,2,10"
    assert scaled(draft, 300).fields["who"].width_dots == 443


def test_data_is_never_scaled() -> None:
    draft, _ = read(source("^FO10,20^A0N,30,30^FH_^FD{who}^FS\n^FO10,60^A0N,30,30^FD1,2,3^FS"))
    assert draft is not None
    assert b"1,2,3" in [command.parameters for command in scaled(draft, 300).commands]
