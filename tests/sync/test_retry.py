"""Which replies are final, how long to wait for the others, and how an outage is watched."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import breaker, retry
from sync.dialect import Answer, NoAnswer, Outcome, Reply

NOW_MS = 1_756_713_600_000  # Mon, 01 Sep 2025 08:00:00 GMT


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        *((Answer(status, {}), Outcome.OK) for status in (200, 201, 202, 204)),
        (Answer(401, {}), Outcome.AUTH),
        *((Answer(status, {}), Outcome.WAIT) for status in (408, 423, 425, 429, 500, 502, 503, 504, 599)),
        *((Answer(status, {}), Outcome.DEAD) for status in (400, 403, 404, 405, 409, 412, 413, 415, 422)),
        (NoAnswer("refused", sent=False), Outcome.WAIT),
        (NoAnswer("timed out", sent=True), Outcome.AMBIG),
    ],
)
def test_every_reply_has_its_class(reply: Reply, outcome: Outcome) -> None:
    assert retry.classify(reply) is outcome


def test_only_a_lost_connection_or_a_proxys_words_mean_that_hq_is_away() -> None:
    away: list[Reply] = [
        NoAnswer("x", sent=True),
        NoAnswer("x", sent=False),
        *(Answer(status, {}) for status in (502, 503, 504)),
    ]
    assert all(retry.is_away(reply) for reply in away)
    assert not any(retry.is_away(Answer(status, {})) for status in (200, 401, 409, 429, 500))


@given(st.integers(0, 10_000), st.integers())
def test_the_wait_is_between_one_and_three_hundred_seconds(attempts: int, seed: int) -> None:
    wait = retry.delay_ms(attempts, Answer(500, {}), NOW_MS, random.Random(seed))
    assert 1_000 <= wait <= 300_000
    assert wait <= 1_000 * 2 ** (attempts + 1)


@pytest.mark.parametrize(
    ("header", "least_ms", "most_ms"),
    [
        ("120", 120_000, 120_000),
        ("Mon, 01 Sep 2025 08:02:00 GMT", 120_000, 120_000),
        ("99999999999", 900_000, 900_000),
        ("Tue, 01 Sep 2026 08:00:00 GMT", 900_000, 900_000),
        ("Mon, 01 Sep 2025 07:00:00 GMT", 1_000, 2_000),
        ("-5", 1_000, 2_000),
        ("soon", 1_000, 2_000),
        ("²", 1_000, 2_000),
        (None, 1_000, 2_000),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_counts_for_at_most_fifteen_minutes(
    header: str | None, least_ms: int, most_ms: int
) -> None:
    wait = retry.delay_ms(0, Answer(429, {}, header), NOW_MS, random.Random(3))
    assert least_ms <= wait <= most_ms


@given(st.text(max_size=60))
def test_no_retry_after_header_can_hurt(header: str) -> None:
    assert 1_000 <= retry.delay_ms(0, Answer(429, {}, header), NOW_MS, random.Random(3)) <= 900_000


@given(st.integers(1, 200), st.integers())
def test_probes_come_every_half_to_thirty_seconds(failures: int, seed: int) -> None:
    watch = breaker.Breaker(random.Random(seed))
    waits = [watch.probe_failed() for _ in range(failures)]
    assert all(500 <= wait <= 30_000 for wait in waits)
    assert watch.is_open


def test_an_outage_is_told_from_a_single_lost_connection() -> None:
    watch = breaker.Breaker(random.Random(1))
    assert watch.is_open  # nothing is known before the first probe
    assert not watch.probe_answered()
    watch.trip()
    assert watch.is_open
    assert not watch.probe_answered()
    watch.trip()
    watch.probe_failed()
    assert watch.probe_answered()
    assert not watch.is_open
