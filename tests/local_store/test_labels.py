"""What becomes of the label of a sealed parcel: evidence, doubt, and who decides."""

from __future__ import annotations

import pytest

from local_store import spool
from local_store.domain import events as e
from local_store.transaction import Transaction
from tests.support.floor import Bench


@pytest.fixture
def labelled(packing: Bench) -> Bench:
    """The order is sealed and its label's bytes were given to the printer, which said nothing."""
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.weigh(300)
    packing.seal()

    def print_it(tx: Transaction) -> None:
        (job,) = spool.recent(tx.connection, "pack-1", 10)
        spool.rendered(tx, job.job_id, b"^XA^XZ")
        spool.taken(tx, job.job_id, spool.begin(tx, job, None))

    packing.runner.run(packing.store.run(print_it))
    return packing


def job_of(bench: Bench) -> spool.SpoolJob:
    return spool.recent(bench.store.reader, "pack-1", 10)[0]


def doubt(bench: Bench) -> str:
    job = job_of(bench)
    bench.runner.run(bench.store.run(lambda tx: spool.doubted(tx, job, 1, "the printer was switched off")))
    return job.job_id


def test_a_scan_of_the_label_is_the_best_evidence_that_it_came_out(labelled: Bench) -> None:
    labelled.scan("306141410000000013")
    assert labelled.screen.text == "Label 306141410000000013 is on order O-1."
    assert labelled.facts(e.LabelConfirmed)[0].evidence == "scan"
    labelled.scan("00306141410000000013", symbology="]C1")
    assert labelled.screen.text == "This is the label of order O-1."


def test_the_printers_own_count_after_the_scan_adds_nothing(labelled: Bench) -> None:
    job = job_of(labelled)
    labelled.scan("306141410000000013")
    labelled.runner.run(labelled.store.run(lambda tx: spool.confirmed(tx, job, 1, 77)))
    assert len(labelled.facts(e.LabelConfirmed)) == 1


def test_a_label_needs_no_decision_while_it_is_not_in_doubt(labelled: Bench) -> None:
    labelled.decide_label(job_of(labelled).job_id, "damaged")
    assert labelled.screen.text == "Label 306141410000000013 needs no decision: it is sent."
    labelled.decide_label("label-404", "damaged")
    assert labelled.screen.text == "There is no label job label-404. Look at the list of labels."


def test_a_person_may_say_that_a_doubtful_label_came_out(labelled: Bench) -> None:
    labelled.decide_label(doubt(labelled), "came_out")
    assert labelled.screen.text == "Label 306141410000000013 counts as printed. Scan it when it is on the box."
    assert job_of(labelled).state == "confirmed"


def test_a_label_that_did_not_come_out_is_printed_again_marked_as_a_copy(labelled: Bench) -> None:
    labelled.decide_label(doubt(labelled), "did_not")
    assert labelled.screen.text == (
        "Label 306141410000000013 is printed again, marked COPY 2. Destroy the other one if it shows up."
    )
    assert (job_of(labelled).state, job_of(labelled).copy_no, job_of(labelled).zpl) == ("queued", 2, None)


def test_a_doubtful_label_that_is_scanned_needs_no_decision_any_more(labelled: Bench) -> None:
    doubt(labelled)
    labelled.scan("306141410000000013")
    assert job_of(labelled).state == "confirmed"


def test_labels_on_their_way_when_the_agent_stopped_are_in_doubt(labelled: Bench) -> None:
    labelled.restart()
    labelled.runner.run(labelled.store.run(lambda tx: spool.doubt_unfinished(tx, "the agent was stopped")))
    assert (job_of(labelled).state, job_of(labelled).reason) == ("uncertain", "the agent was stopped")
