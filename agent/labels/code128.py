"""Code 128 as ZPL writes it: `^BC` data in mode N, with its invocation codes, to the code words that are printed.

device_protocols 8.2: `>:` `>;` start in set B, C; `>6` switches to B; `>8` is FNC1; `><` `>0` `>=` are the characters
^ > ~. The other codes are not for labels: after set B, `>5` was seen to come out as something else (10.2).
"""

from __future__ import annotations

START_B, START_C, FNC1, TO_B = 104, 105, 102, 100
MODULES_PER_WORD = 11
STOP_MODULES = 13
_CHECK_MODULUS = 103
_STARTS = {">:": START_B, ">;": START_C}
_WRITTEN = {"<": "^", "0": ">", "=": "~"}
_AS_WRITTEN = str.maketrans({character: f">{letter}" for letter, character in _WRITTEN.items()})


class NotCode128(ValueError):  # noqa: N818 -- says what is wrong
    """Data of a `^BC` that would print another code than it says; the message says why."""


def written(code: str) -> str:
    """Printable ASCII as it stands in `^FD` in set B."""
    return code.translate(_AS_WRITTEN)


def code_words(data: str) -> list[int]:
    """All code words, start and check character included, stop not. Raises NotCode128."""
    if data[:2] not in _STARTS:
        raise NotCode128("must start with >: (set B) or >; (set C)")
    words, rest = [_STARTS[data[:2]]], data[2:]
    in_c = words[0] == START_C
    while rest:
        if rest[0] == ">":
            word, in_c = _invoked(rest[:2], in_c=in_c)
            words, rest = [*words, word], rest[2:]
        elif in_c:
            if not (rest[:2].isascii() and rest[:2].isdigit() and len(rest) > 1):
                raise NotCode128(f"set C takes pairs of digits; switch to set B with >6 before {rest[:2]!r}")
            words, rest = [*words, int(rest[:2])], rest[2:]
        else:
            words, rest = [*words, _in_set_b(rest[0])], rest[1:]
    return [*words, (words[0] + sum(place * word for place, word in enumerate(words))) % _CHECK_MODULUS]


def modules(words: list[int]) -> int:
    """Width of the symbol in modules, without its quiet zones."""
    return MODULES_PER_WORD * len(words) + STOP_MODULES


def is_gs1(words: list[int]) -> bool:
    """Whether FNC1 comes first: then scanners call it GS1-128."""
    return words[1] == FNC1


def _invoked(code: str, *, in_c: bool) -> tuple[int, bool]:
    """The code word of an invocation, and whether set C is on after it."""
    letter = code[1:]
    if letter == "8":
        return FNC1, in_c
    if letter == "6" and in_c:
        return TO_B, False
    if letter in _WRITTEN and letter and not in_c:
        return _in_set_b(_WRITTEN[letter]), False
    raise NotCode128(f"{code!r} has no use here; labels use >8, >6 after set C, and >< >0 >= in set B")


def _in_set_b(character: str) -> int:
    word = ord(character) - ord(" ")
    if not 0 <= word <= ord("~") - ord(" "):
        raise NotCode128(f"set B takes letters, digits and signs of ASCII (got {character!r})")
    return word
