"""Numbers: each given out once, in the parcel's own transaction, from one block after the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from local_store import numbers
from local_store.domain import events as e
from local_store.domain.numbers import Range, block_size, days_left, first_free
from local_store.domain.site import PlainNumbers, SsccNumbers
from tests.support.floor import Bench, line, product


@pytest.fixture
def bench(open_bench: Callable[[str], Bench]) -> Bench:
    """Five orders of one piece each are ready to be packed by Ana."""
    bench = open_bench("pack-1")
    bench.given_products(product("SKU-1", name="Chai"))
    for number in range(1, 6):
        bench.given_order(f"O-{number}", line("SKU-1", 1))
    return bench.signed_in()


def leased(bench: Bench, kind: e.NumberKind, first: int, last: int, block_id: str) -> None:
    """HQ gave a block."""
    of = {"prefix": "0614141", "extension_digit": 4} if kind == "sscc" else {"prefix": "PK-"}
    fact = e.NumbersLeased(
        **of, block_id=block_id, number_kind=kind, first=first, last=last, next=first, source="main"
    )
    bench.runner.run(bench.store.run(lambda tx: tx.append(fact)))


def used(bench: Bench, kind: str) -> list[str]:
    return [each.text for fact in bench.facts(e.PackageSealed) for each in fact.numbers if each.kind == kind]


def test_a_parcel_gets_its_package_and_parcel_number_with_its_sscc(bench: Bench) -> None:
    bench.restart(package_numbers=PlainNumbers("PK-", 123, 999), parcel_numbers=PlainNumbers("PC-", 1, 9))
    bench.packed("O-1", grams=100)
    assert bench.screen.text == "Order O-1 is sealed as PK-0000123. Its label 306141410000000013 is on the way."
    bench.packed("O-2", grams=100)
    assert used(bench, "package") == ["PK-0000123", "PK-0000124"]
    assert used(bench, "parcel") == ["PC-0000001", "PC-0000002"]
    assert bench.dump() == bench.rebuilt_dump()


def test_a_scanned_package_number_is_the_package(bench: Bench) -> None:
    bench.restart(package_numbers=PlainNumbers("PK-", 1, 9))
    bench.packed("O-1", grams=100)
    bench.scan("PK-0000001")
    assert bench.screen.code.startswith("label.")


def test_blocks_are_used_one_after_the_other(bench: Bench) -> None:
    bench.restart(sscc=SsccNumbers("0614141", 3, 1, 1))
    leased(bench, "sscc", 50, 51, "blk-1")
    leased(bench, "sscc", 90, 99, "blk-2")
    for number in range(1, 5):
        bench.packed(f"O-{number}", grams=100)
    assert [fact.sscc_serial for fact in bench.facts(e.PackageSealed)] == [1, 50, 51, 90]


def test_a_refused_seal_uses_up_no_number(bench: Bench) -> None:
    bench.restart(package_numbers=PlainNumbers("PK-", 1, 1))
    bench.packed("O-1", grams=100)
    before = bench.query("SELECT block_id, next FROM number_block ORDER BY block_id")
    bench.packed("O-2", grams=100)
    assert bench.screen.text == (
        "No package numbers are left here. Put the parcel aside and tell IT: "
        "HQ gives them, or numbers.package in edge.toml."
    )
    assert bench.query("SELECT block_id, next FROM number_block ORDER BY block_id") == before
    leased(bench, "package", 5, 9, "blk-3")
    bench.seal()
    assert used(bench, "package") == ["PK-0000001", "PK-0000005"]


def test_a_restart_goes_on_with_the_next_number(bench: Bench) -> None:
    bench.packed("O-1", grams=100)
    bench.restart()
    bench.packed("O-2", grams=100)
    assert [fact.sscc_serial for fact in bench.facts(e.PackageSealed)] == [1, 2]


def test_what_is_left_is_told_in_days_of_the_busiest(bench: Bench) -> None:
    bench.restart(sscc=SsccNumbers("0614141", 3, 1, 402))
    bench.packed("O-1", grams=100)
    bench.packed("O-2", grams=100)
    ((kind, left, days, busiest),) = numbers.figures(bench.store.reader)
    assert (kind, left, days, busiest) == ("sscc", 400, 20, 2)
    bench.runner.run(
        bench.store.run(lambda tx: tx.connection.execute("INSERT INTO number_use VALUES ('sscc', 1, 100)"))
    )
    assert numbers.figures(bench.store.reader)[0].days == 4


@pytest.mark.parametrize(
    ("spent", "free"),
    [
        ([], 10),
        ([(1, 9)], 10),
        ([(10, 12)], 13),
        ([(1, 10), (11, 15)], 16),
        ([(15, 16)], 17),
        ([(1, 30)], 31),
        ([(21, 99)], 10),
    ],
)
def test_a_range_begins_behind_everything_spent_in_it(spent: list[tuple[int, int]], free: int) -> None:
    assert first_free(Range("package", "PK-", None, 10, 20), spent) == free


def test_days_and_blocks_have_sensible_bounds() -> None:
    assert days_left(100, []) == 5
    assert days_left(0, [1]) == 0
    assert block_size(0) == 1_000
    assert block_size(500) == 14_000
    assert block_size(10**9) == 100_000
