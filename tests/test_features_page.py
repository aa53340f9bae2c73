"""The page of features has a row for each feature that users expect, and what it says of each is shown by a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.support.needs import shared_folder, skip_or_fail

ROOT = Path(__file__).parent.parent
GROUPS = ("PICKER", "OFFLINE AND SYNC", "RECEIVER", "PACKER", "SUPERVISOR", "IT ADMIN", "INTEGRATOR")
OWN = "What nobody else has"
NUMBERED = range(1, 21)
"""The rows of our own section: those of section 4 of the failures."""
HEADER = ("feature", "here", "shown by")
TEST = r"`(tests/[\w/]+\.py)::(test_\w+)(?:\[[^`\]]*\])?`"

Row = tuple[str, str, str]


def tables(page: str, title: str) -> dict[str, list[tuple[str, ...]]]:
    """The cells of each table of a page, by the title that `title` matches; without the line under a header."""
    found: dict[str, list[tuple[str, ...]]] = {}
    name = ""
    for line in page.splitlines():
        if match := re.match(title, line):
            name = match[1]
        elif line.startswith("|") and not set(line) <= set("|- "):
            found.setdefault(name, []).append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
    return found


PAGE = tables((ROOT / "docs" / "features.md").read_text(encoding="utf-8"), r"## (.+)")
ROWS: list[Row] = [(row[0], row[1], row[2]) for rows in PAGE.values() for row in rows[1:]]


def _tests_of(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_group_has_its_table() -> None:
    assert list(PAGE) == [*GROUPS, OWN]
    assert {rows[0] for rows in PAGE.values()} == {HEADER}
    assert {len(row) for rows in PAGE.values() for row in rows} == {len(HEADER)}


def test_the_rows_are_those_that_users_expect_in_their_order() -> None:
    shared = shared_folder()
    if shared is None:
        skip_or_fail("the shared reference folder (what users expect)")
    expected = tables((shared / "reference" / "features.md").read_text(encoding="utf-8"), r"\*\*(.+)\*\*$")
    assert {name: [row[0] for row in PAGE[name][1:]] for name in GROUPS} == {
        name: [row[0] for row in expected[name][1:]] for name in GROUPS
    }


def test_the_rows_that_nobody_else_has_are_numbered_as_in_the_reference() -> None:
    assert [row[0].partition(". ")[0] for row in PAGE[OWN][1:]] == [str(number) for number in NUMBERED]


@pytest.mark.parametrize(("feature", "here", "shown"), ROWS)
def test_what_is_said_of_a_feature_is_shown_by_tests_that_exist(feature: str, here: str, shown: str) -> None:
    assert re.fullmatch(r"yes|partly: .{10,}|no: .{10,}", here), f"{feature}: {here}"
    named = re.findall(TEST, shown)
    assert re.sub(TEST, "", shown).strip(", ") == "", f"{feature} names something that is no test: {shown}"
    assert named or here.startswith("no"), f"{feature} is shown by nothing"
    for file, name in named:
        assert (ROOT / file).is_file(), f"{feature}: there is no {file}"
        assert name in _tests_of(file), f"{feature}: there is no {name} in {file}"
