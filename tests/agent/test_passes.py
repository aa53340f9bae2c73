"""One-time codes and passes: good once, for a while, and not to be guessed."""

from __future__ import annotations

import pytest

from agent.passes import CODE_S, IDLE_S, LONGEST_S, TRIES, Passes


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passes(clock: Clock) -> Passes:
    return Passes(clock)


def test_a_code_gives_one_pass_and_no_second(passes: Passes) -> None:
    code = passes.offer()
    key = passes.swap(code)
    assert key is not None
    assert passes.holds(key)
    assert passes.swap(code) is None


def test_it_may_be_typed_in_small_letters_and_without_its_dash(passes: Passes) -> None:
    assert passes.swap(passes.offer().lower().replace("-", " ")) is not None


def test_before_anybody_asked_for_a_code_nothing_opens(passes: Passes) -> None:
    assert passes.swap("") is None
    assert not passes.holds("")


def test_after_five_wrong_tries_the_right_code_opens_nothing(passes: Passes) -> None:
    code = passes.offer()
    for _ in range(TRIES):
        assert passes.swap("WRONG-CODE") is None
    assert passes.swap(code) is None


def test_a_code_is_over_after_ten_minutes(passes: Passes, clock: Clock) -> None:
    code = passes.offer()
    clock.now += CODE_S
    assert passes.swap(code) is None


def test_a_pass_ends_half_an_hour_after_its_last_use(passes: Passes, clock: Clock) -> None:
    key = passes.swap(passes.offer()) or ""
    clock.now += IDLE_S - 1
    assert passes.holds(key)
    clock.now += IDLE_S - 1
    assert passes.holds(key)
    clock.now += IDLE_S
    assert not passes.holds(key)


def test_no_use_makes_a_pass_last_longer_than_a_shift(passes: Passes, clock: Clock) -> None:
    key, begun = passes.swap(passes.offer()) or "", clock.now
    while clock.now < begun + LONGEST_S:
        assert passes.holds(key)
        clock.now += IDLE_S / 2
    assert not passes.holds(key)
