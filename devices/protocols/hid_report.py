"""Where the fields of a HID report lie, from the report descriptor of the device (USB HID 1.11, 6.2.2).

Only what an input report of plain fields needs: pages, usages, sizes, counts, ids, push and pop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MAX_DESCRIPTOR = 4096  # what the kernel hands out at most
MAX_REPORT_BITS = 4096 * 8  # no report of a scanner or scale comes near; more is a broken descriptor
MAX_REPORT_ID = 255  # it is one byte in front of the report
MAX_PUSHED = 16
MAX_FIELDS = 4096  # what a descriptor of a few bytes may make of itself is not without end

_INPUT = 0x80
_MAINS = frozenset({_INPUT, 0x90, 0xB0, 0xA0, 0xC0})  # input, output, feature, collection and its end
_GLOBALS = {0x04: "page", 0x74: "size", 0x84: "report_id", 0x94: "count"}
_PUSH, _POP = 0xA4, 0xB4
_USAGE, _USAGE_MIN, _USAGE_MAX, _LONG_ITEM = 0x08, 0x18, 0x28, 0xFE
_SIZES = (0, 1, 2, 4)
_CONSTANT = 1
_PAGE_IN_USAGE = 4  # a usage of four bytes brings its own page


class NotADescriptor(ValueError):  # noqa: N818 -- says what is wrong
    """Bytes that are no report descriptor; the message says why."""


@dataclass(frozen=True, slots=True)
class Field:
    """`count` values of `bits` bits each, the first at `at_bit` of the report, its id not counted."""

    report_id: int
    usage: int
    """Page in the upper, usage in the lower 16 bits."""
    at_bit: int
    bits: int
    count: int


@dataclass(frozen=True)
class _Globals:
    page: int = 0
    size: int = 0
    count: int = 0
    report_id: int = 0


def input_fields(descriptor: bytes) -> list[Field]:
    """Every field of every input report that has a usage. Raises NotADescriptor."""
    if len(descriptor) > MAX_DESCRIPTOR:
        raise NotADescriptor(f"has {len(descriptor)} bytes; {MAX_DESCRIPTOR} are allowed")
    reader = _Reader()
    at = 0
    while at < len(descriptor):
        head = descriptor[at]
        size = _SIZES[head & 3]
        if head == _LONG_ITEM:
            at += 3 + (descriptor[at + 1] if at + 1 < len(descriptor) else 0)
            continue
        data = descriptor[at + 1 : at + 1 + size]
        if len(data) < size:
            raise NotADescriptor("ends in the middle of an item")
        reader.item(head & 0xFC, int.from_bytes(data, "little"), size)
        at += 1 + size
    return reader.fields


class _Reader:
    """The state of a descriptor while it is read item by item."""

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self._now = _Globals()
        self._pushed: list[_Globals] = []
        self._usages: list[tuple[int, int]] = []  # first and last of each range
        self._lowest = 0
        self._ends: dict[int, int] = {}  # bits used so far of each report

    def item(self, kind: int, value: int, size: int) -> None:
        if _GLOBALS.get(kind) == "report_id" and value > MAX_REPORT_ID:
            raise NotADescriptor(f"has a report of the id {value}")
        if kind in _GLOBALS:
            self._now = replace(self._now, **{_GLOBALS[kind]: value})
        elif kind in (_PUSH, _POP):
            self._push_or_pop(push=kind == _PUSH)
        elif kind == _USAGE:
            self._usages.append((self._whole(value, size),) * 2)
        elif kind == _USAGE_MIN:
            self._lowest = self._whole(value, size)
        elif kind == _USAGE_MAX:
            self._usages.append((self._lowest, self._whole(value, size)))
        elif kind in _MAINS:
            if kind == _INPUT:
                self._input(constant=bool(value & _CONSTANT))
            self._usages.clear()

    def _whole(self, value: int, size: int) -> int:
        return value if size == _PAGE_IN_USAGE else self._now.page << 16 | value

    def _push_or_pop(self, *, push: bool) -> None:
        if push and len(self._pushed) < MAX_PUSHED:
            self._pushed.append(self._now)
        elif not push and self._pushed:
            self._now = self._pushed.pop()
        else:
            raise NotADescriptor("pushes and pops do not match")

    def _input(self, *, constant: bool) -> None:
        start = self._ends.get(self._now.report_id, 0)
        end = start + self._now.size * self._now.count
        if end > MAX_REPORT_BITS:
            raise NotADescriptor(f"describes a report of {end} bits")
        self._ends[self._now.report_id] = end
        if not constant and self._now.size:
            self._lay_out(start)

    def _lay_out(self, start: int) -> None:
        """Give each value its usage; the last usage stands for all the values that are left."""
        left, size = self._now.count, self._now.size
        for place, (first, last) in enumerate(self._usages):
            for usage in range(first, min(last, first + left - 1) + 1):
                count = left if place == len(self._usages) - 1 and usage == last else 1
                self._add(Field(self._now.report_id, usage, start, size, count))
                start, left = start + count * size, left - count

    def _add(self, field: Field) -> None:
        if len(self.fields) == MAX_FIELDS:
            raise NotADescriptor(f"describes more than {MAX_FIELDS} fields")
        self.fields.append(field)
