"""GS1 numbers before they go on paper: every part checked, every refusal a sentence (device_protocols 7.3)."""

from __future__ import annotations

from local_store.domain.codes import check_digit, sscc_of

SSCC_DIGITS = 18


class NumberRefused(ValueError):  # noqa: N818 -- a refusal, said in full
    """A number cannot be used on a label; the message says why and what to do."""


def sscc(extension_digit: int, company_prefix: str, serial: int) -> str:
    """The 18 digits of an SSCC: extension digit, company prefix, serial with leading zeros, check digit.

    Raises NumberRefused when a part is out of range; a serial never loses digits to fit.
    """
    if not 0 <= extension_digit <= 9:  # noqa: PLR2004 -- one digit
        raise NumberRefused(f"The SSCC extension digit must be 0 to 9 (got {extension_digit}); correct the setting.")
    _only_digits("GS1 company prefix", company_prefix)
    if not 4 <= len(company_prefix) <= 12:  # noqa: PLR2004 -- what GS1 gives out
        raise NumberRefused(
            f"A GS1 company prefix has 4 to 12 digits (got {company_prefix!r}); use the one GS1 gave to your company."
        )
    places = SSCC_DIGITS - 2 - len(company_prefix)
    if not 0 <= serial < 10**places:
        raise NumberRefused(
            f"With prefix {company_prefix} an SSCC serial has {places} digits, 0 to {10**places - 1} (got {serial}); "
            "give this station a range that fits."
        )
    return sscc_of(company_prefix, extension_digit, serial)


def checked_sscc(text: str) -> str:
    """`text` itself when it is a valid SSCC. Raises NumberRefused with the digit that was expected."""
    _only_digits("SSCC", text)
    if len(text) != SSCC_DIGITS:
        raise NumberRefused(f"An SSCC has 18 digits, {text!r} has {len(text)}; take the number from a number range.")
    expected = check_digit(text[:-1])
    if text[-1] != expected:
        raise NumberRefused(f"SSCC {text} ends in {text[-1]} but its check digit is {expected}; do not print it.")
    return text


def _only_digits(what: str, text: str) -> None:
    if not (text.isascii() and text.isdigit()):
        raise NumberRefused(f"The {what} must be digits only (got {text[:40]!r}).")
