"""GS1 numbers before they go on paper: every part checked, every refusal a sentence (device_protocols 7.3)."""

from __future__ import annotations

from local_store.domain.codes import check_digit

SSCC_DIGITS = 18


class NumberRefused(ValueError):  # noqa: N818 -- a refusal, said in full
    """A number cannot be used on a label; the message says why and what to do."""


def checked_sscc(text: str) -> str:
    """`text` itself when it is a valid SSCC. Raises NumberRefused with the digit that was expected."""
    if not (text.isascii() and text.isdigit()):
        raise NumberRefused(f"The SSCC must be digits only (got {text[:40]!r}).")
    if len(text) != SSCC_DIGITS:
        raise NumberRefused(f"An SSCC has 18 digits, {text!r} has {len(text)}; take the number from a number range.")
    expected = check_digit(text[:-1])
    if text[-1] != expected:
        raise NumberRefused(f"SSCC {text} ends in {text[-1]} but its check digit is {expected}; do not print it.")
    return text
