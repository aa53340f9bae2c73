"""Whatever happens to the store's file or log: nothing damaged is used or sent, and what is whole is saved."""

from __future__ import annotations

import pytest

from tests.torture import damage


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_damaged_row_is_used_and_what_lies_in_whole_pages_is_saved() -> None:
    counts = damage.run(seed=1, files=80)
    assert counts.done["touched rows found"] > 0
    assert counts.done["damaged rows used or sent"] == 0
    counts.report()
