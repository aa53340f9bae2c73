from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.labels.code128 import NotCode128, code_words, is_gs1, modules, written

PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=30)


def read_back(words: list[int]) -> str:
    """What a scanner makes of code words in set B."""
    return "".join(chr(word + 32) for word in words[1:-1])


@given(PRINTABLE)
def test_every_printable_text_comes_back_from_set_b(text: str) -> None:
    assert read_back(code_words(">:" + written(text))) == text


def test_an_sscc_is_start_fnc1_ten_pairs_and_a_check_character() -> None:
    words = code_words(">;>800340123450000000017")
    assert words == [105, 102, 0, 34, 1, 23, 45, 0, 0, 0, 0, 17, 61]
    assert is_gs1(words)
    assert modules(words) == 156  # device_protocols 8.5


def test_letters_may_follow_pairs_after_a_switch() -> None:
    words = code_words(">;>80109521234543213" + "10>6LOT7")
    assert words[-6:-1] == [100, 44, 47, 52, 23]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("340", "must start with >: .set B. or >; .set C."),
        (">;123", "takes pairs of digits; switch to set B with >6 before '3'"),
        (">;12AB", "before 'AB'"),
        (">:AB>512", "'>5' has no use here"),
        (">;12>0", "'>0' has no use here"),
        (">:A>", "'>' has no use here"),
        (">:é", "set B takes letters, digits and signs of ASCII"),
    ],
)
def test_data_that_would_print_another_code_is_refused(data: str, why: str) -> None:
    with pytest.raises(NotCode128, match=why):
        code_words(data)
