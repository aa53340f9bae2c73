"""Reading a GS1 code whose separators got lost: every way in which it can be read, and which one holds. Pure.

Many scanners send nothing for FNC1 (device_protocols 4.4), so that `10LOT7`, GS, `21SN9` arrives as `10LOT721SN9`,
which is a legal lot as well. Syntax cannot tell; what the floor knows can, and where it cannot, a person is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from local_store.domain.gs1 import Element, Parsed, fault_of, from_elements

MOST_READINGS = 64
"""More ways than anybody can choose from."""
LONGEST = 128
"""Characters: a GS1-128 symbol holds 48 (device_protocols 7.2); the two-dimensional ones on goods stay below this."""
MOST_STEPS = 4000
"""Elements tried, which bounds the time for a code made to be read in very many ways: some 10 ms."""

_AI_LENGTHS = (2, 3, 4)
_MORE_20 = ("7020", "7021", "7022", "7240", "8002", "8012")
_MORE_70 = ("7257", "8110", "8112", "8200")
_MORE_30 = ("7002", "7023", "8004", "90")


class _Shape(NamedTuple):
    """How long the data of an identifier may be, and how many of its characters must be digits."""

    shortest: int
    longest: int
    digits: int


def _table() -> dict[str, _Shape]:
    """Every identifier (device_protocols 7.2 and the rest of the standard), by the shape of its data.

    Long, because it is their list.
    """
    shapes = {
        _Shape(18, 18, 18): ["00", "8006", "8017", "8018", "8026"],
        _Shape(14, 14, 14): ["01", "02", "03", "8001"],
        _Shape(6, 6, 6): ["11", "12", "13", "15", "16", "17", "4326", "7006", "8005", *_with_decimals()],
        _Shape(2, 2, 2): ["20", "7241"],
        _Shape(2, 2, 0): ["4307", "4317"],
        _Shape(1, 20, 0): ["10", "21", "22", "243", "254", "420", "4318", *_MORE_20, *(f"71{n}" for n in range(8))],
        _Shape(1, 28, 0): ["235"],
        _Shape(1, 30, 0): ["240", "241", "250", "251", "400", "401", "403", "4308", "4319", *_MORE_30],
        _Shape(1, 35, 0): ["4300", "4301", "4310", "4311", "4320"],
        _Shape(1, 34, 0): ["8007"],
        _Shape(1, 70, 0): [*(f"43{n}" for n in ("02", "03", "04", "05", "06", *range(12, 17))), *_MORE_70],
        _Shape(1, 6, 6): ["242"],
        _Shape(1, 8, 8): ["30", "37"],
        _Shape(20, 20, 20): ["4309"],
        _Shape(1, 1, 1): ["4321", "4322", "4323", "7252"],
        _Shape(10, 10, 10): ["4324", "4325", "7003"],
        _Shape(6, 7, 6): [f"433{n}" for n in range(4)],
        _Shape(13, 13, 13): [*map(str, range(410, 418)), "7001"],
        _Shape(13, 30, 13): ["253"],
        _Shape(13, 25, 25): ["255"],
        _Shape(1, 15, 15): [f"{ai}{n}" for ai in (390, 392) for n in range(10)],
        _Shape(4, 18, 18): [f"{ai}{n}" for ai in (391, 393) for n in range(10)],
        _Shape(4, 4, 4): [*(f"394{n}" for n in range(4)), "8111"],
        _Shape(17, 17, 17): ["402"],
        _Shape(4, 12, 3): ["421"],
        _Shape(3, 3, 3): ["422", "424", "426"],
        _Shape(3, 15, 15): ["423", "425"],
        _Shape(1, 3, 0): ["427", "7008"],
        _Shape(1, 4, 4): ["7004"],
        _Shape(1, 12, 0): ["7005"],
        _Shape(6, 12, 12): ["7007"],
        _Shape(6, 10, 10): ["7011"],
        _Shape(1, 10, 0): ["7009", "7255"],
        _Shape(1, 2, 0): ["7010"],
        _Shape(4, 30, 3): [f"703{n}" for n in range(10)],
        _Shape(4, 4, 1): ["7040"],
        _Shape(1, 4, 0): ["7041"],
        _Shape(3, 30, 0): [f"723{n}" for n in range(10)],
        _Shape(1, 25, 0): ["7242", "8013", "8014", "8020"],
        _Shape(8, 8, 8): ["7250"],
        _Shape(12, 12, 12): ["7251"],
        _Shape(1, 40, 0): ["7253", "7254", "7259"],
        _Shape(3, 3, 1): ["7258"],
        _Shape(5, 30, 0): ["8010"],
        _Shape(14, 30, 14): ["8003"],
        _Shape(8, 12, 12): ["8008"],
        _Shape(1, 50, 0): ["8009"],
        _Shape(1, 12, 12): ["8011"],
        _Shape(1, 10, 10): ["8019"],
        _Shape(15, 15, 15): ["8040", "8041"],
        _Shape(32, 32, 32): ["8042"],
        _Shape(18, 20, 20): ["8043"],
        _Shape(1, 90, 0): ["7256", "8030", *(f"9{n}" for n in range(1, 10))],
    }  # fmt: skip
    return {ai: shape for shape, identifiers in shapes.items() for ai in identifiers}


def _with_decimals() -> list[str]:
    """Measures of six digits, whose last digit of the identifier counts the decimals."""
    groups = [*range(310, 317), *range(320, 338), *range(340, 358), *range(360, 370), 395]
    return [f"{ai}{n}" for ai in groups for n in range(6)]


SHAPES = _table()
"""Every identifier with the shape of its data."""


class Readings(NamedTuple):
    """The valid readings of one code; `complete` is False when there may be more than were looked for."""

    found: tuple[Parsed, ...]
    complete: bool = True


@dataclass(frozen=True)
class OpenWork:
    """What the floor knows, to tell readings apart: GTINs of 14 digits and SSCCs, and lots and serials it waits for.

    An empty set of lots or serials says that the work does not care, which is so for all work today.
    """

    knows: Callable[[str], bool]
    lots: frozenset[str] = frozenset()
    serials: frozenset[str] = frozenset()

    def fits(self, reading: Parsed) -> bool:
        """Whether a reading may be what the work waits for."""
        return (
            any(map(self.knows, reading.keys))
            and (not self.lots or reading.lot in self.lots)
            and (not self.serials or reading.serial in self.serials)
        )


def readings(text: str, year: int) -> Readings:
    """Every way to read element strings without separators: `text` from a scanner that sends none.

    An identifier of predefined length takes just that; any other may end wherever the rest can be read. A reading
    with a wrong check digit, an impossible date or a forbidden combination is none.
    """
    if len(text) > LONGEST:
        return Readings((), complete=False)
    found: list[Parsed] = []
    search = _Search(text, year)
    for elements in search.ways():
        reading = from_elements(elements, year)
        if not reading.faults and reading not in found:
            found.append(reading)
        if len(found) >= MOST_READINGS:
            return Readings(tuple(found), complete=False)
    return Readings(tuple(found), complete=search.steps <= MOST_STEPS)


def choose(found: Readings, work: OpenWork) -> Parsed | None:
    """The one reading that the open work leaves, or None: then a person is asked and nothing is counted.

    The floor works with logistic unit, product and count only, so readings that agree on those are one: it is
    returned without the members on which they differ, such as a lot, since nobody knows those.
    """
    fitting = [reading for reading in found.found if work.fits(reading)]
    if not found.complete or not fitting:
        return None
    first, *others = fitting
    if any((each.sscc, each.gtin, each.count) != (first.sscc, first.gtin, first.count) for each in others):
        return None
    return _common(first, others)


def _common(first: Parsed, others: Sequence[Parsed]) -> Parsed:
    """What all say."""
    for other in others:
        first = replace(
            first,
            lot=first.lot if first.lot == other.lot else None,
            serial=first.serial if first.serial == other.serial else None,
            expiry=first.expiry if first.expiry == other.expiry else None,
            weight_kg=first.weight_kg if first.weight_kg == other.weight_kg else None,
            others=tuple(each for each in first.others if each in other.others),
        )
    return first


class _Search:
    """A walk through one text: which identifiers can begin where, and from where the end can be reached."""

    def __init__(self, text: str, year: int) -> None:
        self._text, self._year = text, year
        self._can_follow: dict[int, list[tuple[Element, int]]] = {}
        self.steps = 0

    def ways(self, at: int = 0, used: frozenset[str] = frozenset()) -> Iterator[tuple[Element, ...]]:
        """Every sequence of elements from here to the end, no identifier twice; it stops when it took too long."""
        if at == len(self._text):
            yield ()
            return
        for element, end in self._following(at):
            self.steps += 1
            if self.steps > MOST_STEPS:
                return
            if element[0] not in used:
                for rest in self.ways(end, used | {element[0]}):
                    yield (element, *rest)

    def _following(self, at: int) -> list[tuple[Element, int]]:
        """The elements that can stand here, each with its end, from which the end of the text can be reached."""
        if at not in self._can_follow:
            self._can_follow[at] = []
            size = len(self._text)
            self._can_follow[at] = [(it, end) for it, end in self._here(at) if end == size or self._following(end)]
        return self._can_follow[at]

    def _here(self, at: int) -> Iterator[tuple[Element, int]]:
        """The elements that can stand here, shortest first, each with its end."""
        text = self._text
        for length in _AI_LENGTHS:
            ai = text[at : at + length]
            shape = SHAPES.get(ai)
            if shape is None or len(ai) < length:
                continue
            start = at + length
            for end in range(start + shape.shortest, min(start + shape.longest, len(text)) + 1):
                value = text[start:end]
                head = value[: shape.digits]
                if not value.isascii() or (head and not head.isdigit()):
                    break
                if fault_of(ai, value, self._year) is None:
                    yield (ai, value), end
