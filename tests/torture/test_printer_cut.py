"""Whatever happens to the printer, no label comes out twice unasked, and none is missed unseen."""

from __future__ import annotations

import pytest

from tests.torture import printer_cut


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_power_is_cut_after_every_byte_of_a_label_and_around_its_printing() -> None:
    counts = printer_cut.run(seed=1, sample=0)
    counts.report()
    assert counts.done["silent duplicates"] == 0
    assert counts.done["silent misses"] == 0
    assert counts.done["cases"] > 2 * counts.done["bytes of the label"]
    assert counts.done["bytes of the label"] > 1600
    assert counts.done["confirmed"] > 0
    assert counts.done["failed_clean"] > 0


def test_the_cases_hold_every_byte_of_the_label_with_and_without_reprint_after_error() -> None:
    cases = list(printer_cut.all_cases(2000))
    for reprints in (False, True):
        assert {case.cut for case in cases if isinstance(case.cut, int) and case.reprints is reprints} == set(
            range(2001)
        )
