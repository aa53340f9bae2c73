"""What the keys of a keyboard mean, one event at a time: held keys, Caps Lock, dead keys, Alt codes, Ctrl codes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from devices.protocols.keyboards.layout import SPACING, Layout

GS = b"\x1d"

SHIFTS, CTRLS = frozenset({42, 54}), frozenset({29, 97})
ALT, ALT_GR, CAPS_LOCK, F8, DOWN, TAB, ENTER, KEYPAD_ENTER = 56, 100, 58, 66, 108, 15, 28, 96
_LOCKS = frozenset({69, 70})  # Num Lock and Scroll Lock change nothing: the keypad always means digits here

GsKey = Literal["none", "f8", "down", "control_off"]
_GS_CODES: Final[dict[GsKey, int]] = {"f8": F8, "down": DOWN}

_KEYPAD = {71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0"}
_KEYPAD_SIGNS = {55: "*", 74: "-", 78: "+", 98: "/"}
_KEYPAD_DOT = 83
_DIGIT_ROW = {code: str((code - 1) % 10) for code in range(2, 12)}
_CONTROL_KEYS = {1: b"\x1b", 14: b"\x08", TAB: b"\t", ENTER: b"\r", KEYPAD_ENTER: b"\r"}

# ESC, GS and FS sit on the keys right of P and beside Enter in all four layouts, whatever is printed on them.
_CONTROL_POSITIONS = {26: b"\x1b", 27: GS, 43: b"\x1c"}
_CONTROL_SIGNS = {"@": b"\x00", "^": b"\x1e", "_": b"\x1f"}

MOST_ALT_DIGITS = 4
_MOST_BYTE = 255


@dataclass(frozen=True)
class Typing:
    """How a scanner is set to type: its layout and what stands for GS (device_protocols 4.4)."""

    layout: Layout
    gs_key: GsKey = "none"
    encoding: Literal["utf-8", "latin-1"] = "utf-8"
    swap_case: bool = False
    dead_keys: bool = True


class Typed(NamedTuple):
    """What one event brought: bytes of the code, or why the code can no longer be believed."""

    data: bytes = b""
    fault: str | None = None


_NOTHING = Typed()


class Keyboard:
    """The state of one scanner's keys. Bounded: at most four Alt digits and one dead key wait."""

    def __init__(self, typing: Typing) -> None:
        self._typing = typing
        self._caps = False
        self._held: set[int] = set()
        self._alone = False
        self._alt_digits = ""
        self._dead = ""

    @property
    def holding(self) -> str | None:
        """The key that is held and should not be where a code ends, in words."""
        names = {**dict.fromkeys(SHIFTS, "Shift"), **dict.fromkeys(CTRLS, "Ctrl"), ALT: "Alt", ALT_GR: "AltGr"}
        return next((names[code] for code in sorted(self._held)), None)

    @property
    def waiting(self) -> bool:
        """Whether half a character is typed: an accent without its letter, an Alt code without its end."""
        return bool(self._dead or self._alt_digits)

    def let_go(self) -> None:
        """All keys are up: nothing of one code is carried into the next."""
        self._held.clear()
        self._alt_digits = self._dead = ""
        self._alone = False

    def forget(self) -> None:
        """What is held and locked is no longer known: start as a keyboard just plugged in."""
        self.let_go()
        self._caps = False

    def end(self) -> Typed:
        """What waits for a next key when none comes: an accent stands for itself."""
        dead, self._dead = self._dead, ""
        return self._encoded(SPACING.get(dead, ""))

    def press(self, code: int) -> Typed:
        """A key goes down."""
        if code in SHIFTS or code in CTRLS or code in (ALT, ALT_GR):
            self._alone = not self._held
            self._held.add(code)
            return _NOTHING
        self._alone = False
        if code == CAPS_LOCK:
            self._caps = not self._caps
        if code == CAPS_LOCK or code in _LOCKS:
            return _NOTHING
        ctrl = bool(self._held & CTRLS)
        if ALT in self._held and not ctrl:
            return self._alt_digit(code)
        if ctrl and not self._held & {ALT, ALT_GR}:
            return self._control(code)
        return self._key(code)

    def release(self, code: int) -> Typed:
        """A key comes up."""
        if code not in self._held:
            return _NOTHING
        self._held.discard(code)
        alone, self._alone = self._alone, False
        if code == ALT:
            return self._alt_code(alone=alone)
        if code in CTRLS and alone:
            if self._typing.gs_key == "control_off":
                return Typed(GS)
            return Typed(fault="Ctrl was pressed alone; if that is the scanner's GS, set gs_key to control_off")
        return _NOTHING

    def _alt_digit(self, code: int) -> Typed:
        digit = _KEYPAD.get(code) or _DIGIT_ROW.get(code)
        if digit is None or len(self._alt_digits) == MOST_ALT_DIGITS:
            return Typed(fault=f"key {code} came while Alt was held, which is no Alt code")
        self._alt_digits += digit
        return _NOTHING

    def _alt_code(self, *, alone: bool) -> Typed:
        digits, self._alt_digits = self._alt_digits, ""
        if digits and int(digits) <= _MOST_BYTE:
            return self._plain(bytes([int(digits)]))
        if alone or digits:
            return Typed(fault=f"the Alt code {digits!r} is no byte")
        return _NOTHING

    def _control(self, code: int) -> Typed:
        if code in _CONTROL_POSITIONS:
            return self._plain(_CONTROL_POSITIONS[code])
        plain = self._typing.layout.character(code, shift=False, altgr=False) or ""
        if plain.isascii() and plain.isalpha():
            return self._plain(bytes([ord(plain.upper()) - ord("@")]))
        shifted = self._typing.layout.character(code, shift=True, altgr=False) or ""
        if (control := _CONTROL_SIGNS.get(plain) or _CONTROL_SIGNS.get(shifted)) is not None:
            return self._plain(control)
        return Typed(fault=f"Ctrl with key {code} is no control character")

    def _key(self, code: int) -> Typed:
        if code == _GS_CODES.get(self._typing.gs_key):
            return self._plain(GS)
        if code in _CONTROL_KEYS:
            return self._plain(_CONTROL_KEYS[code])
        character = self._on_keypad(code) or self._on_layout(code)
        if character is None:
            return Typed(fault=f"key {code} stands for no character; if it is the scanner's GS, set gs_key")
        if character in SPACING and self._typing.dead_keys:
            before, self._dead = self.end(), character
            return before
        return self._encoded(self._after_dead_key(SPACING.get(character, character)))

    def _plain(self, data: bytes) -> Typed:
        """A byte that composes with nothing; an accent that waited stands for itself before it."""
        before = self.end()
        return Typed(before.data + data, before.fault)

    def _on_keypad(self, code: int) -> str | None:
        if code == _KEYPAD_DOT:
            return self._typing.layout.keypad_dot
        return _KEYPAD.get(code) or _KEYPAD_SIGNS.get(code)

    def _on_layout(self, code: int) -> str | None:
        shift = bool(self._held & SHIFTS)
        altgr = ALT_GR in self._held or ALT in self._held  # Windows writes AltGr as Ctrl and Alt
        character = self._typing.layout.character(code, shift=shift, altgr=altgr)
        if character is None or len(character.swapcase()) != 1:
            return character
        return character.swapcase() if self._caps != self._typing.swap_case else character

    def _after_dead_key(self, character: str) -> str:
        dead, self._dead = self._dead, ""
        if not dead:
            return character
        if character == " ":
            return SPACING[dead]
        made = unicodedata.normalize("NFC", character + dead)
        return made if len(made) == 1 else SPACING[dead] + character

    def _encoded(self, text: str) -> Typed:
        try:
            return Typed(text.encode(self._typing.encoding))
        except UnicodeEncodeError:
            return Typed(fault=f"{text!r} is no character of {self._typing.encoding}")
