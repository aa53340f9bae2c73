"""GS1 codes as hypothesis makes them, and as the specification writes them."""

from __future__ import annotations

import string
from collections.abc import Sequence

from hypothesis import strategies as st

from local_store.domain.codes import check_digit
from local_store.domain.gs1 import GS, is_predefined

GTIN, SSCC = "09521234543213", "340123450000000017"
Element = tuple[str, str]

TEXT = string.digits + string.ascii_letters + "-/._"
DIGITS = string.digits


def _digits(length: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=length, max_size=length)


def checked(length: int) -> st.SearchStrategy[str]:
    """So many digits of which the last is their check digit."""
    return _digits(length - 1).map(lambda digits: digits + check_digit(digits))


gtins, ssccs = checked(14), checked(18)
days = st.dates().map(lambda day: day.strftime("%y%m%d")).filter(lambda text: len(text) == 6)
texts = st.text(TEXT, min_size=1, max_size=20)
counts = st.integers(1, 99_999_999).map(str)

_OPTIONAL = {
    "10": texts, "21": texts, "17": days, "11": days, "15": days, "240": texts, "400": texts,
    "3103": _digits(6), "3102": _digits(6), "30": counts, "422": _digits(3), "20": _digits(2),
    "91": st.text(TEXT, min_size=1, max_size=40),
}  # fmt: skip


@st.composite
def elements(draw: st.DrawFn, gtin: str | None = None) -> list[Element]:
    """Elements of one label that break no rule: what it is on, then whatever else there is, in any order."""
    told = gtin or draw(gtins)
    sort = draw(st.sampled_from(("item", "counted item", "contents", "unit of contents", "unit")))
    said: list[Element] = []
    if sort.startswith("unit"):
        said.append(("00", draw(ssccs)))
    if sort in {"item", "counted item"}:
        said.append(("01", told))
    if sort in {"contents", "unit of contents"}:
        said.append(("02", told))
    more = draw(st.lists(st.sampled_from(sorted(_OPTIONAL)), unique=True, max_size=4))
    rest = [(ai, draw(_OPTIONAL[ai])) for ai in more if not (ai == "3102" and "3103" in more)]
    if sort in {"counted item", "contents", "unit of contents"}:
        rest.append(("37", draw(counts)))
    return said + list(draw(st.permutations(rest)))


def joined(said: Sequence[Element]) -> str:
    """The elements as a scanner that sends separators sends them."""
    text = ""
    for place, (ai, value) in enumerate(said):
        last = place == len(said) - 1
        text += ai + value + ("" if last or is_predefined(ai) else GS)
    return text
