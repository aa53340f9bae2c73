"""The page of promises names only proofs that exist, and every promise has a planted fault that its proof notices."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

PAGE = (Path(__file__).parent.parent / "docs" / "promises.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (P\d+) \| \*\*(.+?)\*\*.* \| `(.+?)` \|$", PAGE, re.MULTILINE)


def test_the_page_lists_its_promises_in_order() -> None:
    assert [number for number, _, _ in ROWS] == [f"P{n}" for n in range(1, len(ROWS) + 1)]
    assert len(ROWS) == PAGE.count("\n| P")


@pytest.mark.parametrize(("number", "promise", "proof"), ROWS)
def test_the_proof_of_a_promise_exists(number: str, promise: str, proof: str) -> None:
    program, _, what = proof.partition(" ")
    if program == "python":
        assert find_spec(what.removeprefix("-m ").split()[0]), f"{number} ({promise}): {proof}"
    else:
        assert program == "pytest"
        assert (Path(__file__).parent.parent / what).is_file(), f"{number} ({promise}): {proof}"
