"""The table of print states: what it allows, and that the documentation shows just this table."""

from __future__ import annotations

import re

import pytest

from local_store.domain.printing import ANSWERS, ASKING, EVENTS, JOB, Job
from local_store.domain.states import IllegalStep, step
from tests.support.needs import ROOT

PAGE = ROOT / "docs" / "printing.md"
BEGUN = {Job.SENDING, Job.SENT, Job.UNCERTAIN}


def table() -> str:
    """The whole table as the page has it: a row for each event, with every state before and after."""
    rows = ["| what happens | from | to |", "| --- | --- | --- |"]
    for what, words in EVENTS.items():
        ends = sorted({after.value for (_, event), after in JOB.items() if event == what})
        for end in ends:
            starts = [f"`{before.value}`" for (before, event), after in JOB.items() if (event, after) == (what, end)]
            rows.append(f"| **{what}**: {words} | {', '.join(starts)} | `{end}` |")
    return "\n".join(rows)


def test_the_page_shows_the_table_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    found = re.search(r"<!-- table -->\n(.*?)\n<!-- end -->", page, re.DOTALL)
    assert found is not None
    assert found[1] == table(), f"put this into docs/printing.md between the marks:\n{table()}"


def test_the_page_says_what_each_state_means_and_what_a_person_may_answer() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for state in Job:
        row = next((row for row in page.splitlines() if row.startswith(f"| `{state.value}` |")), None)
        assert row is not None, state
        for answer in ANSWERS.get(state, ()):
            assert answer.replace("_", " ") in row, (state, answer)


def test_every_event_has_words_and_every_word_an_event() -> None:
    assert {event for _, event in JOB} == set(EVENTS)


def test_a_label_that_was_begun_becomes_ready_again_only_where_a_second_one_does_no_harm() -> None:
    again = {(before, event) for (before, event), after in JOB.items() if before in BEGUN and after is Job.READY}
    assert again == {(Job.SENT, "again")}


def test_only_a_person_sends_a_begun_unique_label_back_to_the_queue() -> None:
    back = {
        event
        for (before, event), after in JOB.items()
        if before in {*BEGUN, Job.FAILED_CLEAN} and after is Job.QUEUED
    }
    assert back == {"reprint", "release"}


def test_nothing_leads_out_of_a_voided_label() -> None:
    assert not [event for before, event in JOB if before is Job.VOIDED]


@pytest.mark.parametrize("state", sorted(BEGUN))
@pytest.mark.parametrize("what", ["cancel", "expire", "begin", "release"])
def test_a_label_that_may_be_on_paper_is_neither_cancelled_nor_expired_nor_begun_again(state: Job, what: str) -> None:
    with pytest.raises(IllegalStep):
        step(JOB, state, what)


def test_every_state_that_asks_has_answers_and_each_answer_leads_on() -> None:
    leads_to = {
        "came_out": "evidence",
        "did_not": "reprint",
        "damaged": "reprint",
        "print": "release",
        "discard": "cancel",
    }
    assert all(ANSWERS[state] for state in ASKING)
    for state, answers in ANSWERS.items():
        for answer in answers:
            assert (state, leads_to[answer]) in JOB
