"""What becomes of the label of a sealed parcel: evidence, doubt, and who decides."""

from __future__ import annotations

import pytest

from local_store import spool
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.printing import attempt_code
from local_store.domain.words import Tone
from local_store.transaction import Transaction
from tests.support.floor import Bench, line

SSCC = "306141410000000013"


@pytest.fixture
def labelled(packing: Bench) -> Bench:
    """The order is sealed and its label's bytes were given to the printer, which said nothing."""
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.weigh(300)
    packing.seal()

    def print_it(tx: Transaction) -> None:
        (job,) = spool.recent(tx.connection, "pack-1", 10)
        job = spool.rendered(tx, job.job_id, b"^XA^XZ")
        spool.taken(tx, job, spool.begin(tx, job, None))

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


# --- once more, and never again ---------------------------------------------------------------------------------


def test_a_label_that_came_out_is_printed_again_only_with_a_reason_and_as_a_marked_copy(labelled: Bench) -> None:
    labelled.scan(SSCC)
    first = job_of(labelled)
    labelled.floor(c.ReprintLabel, job_id=first.job_id, reason="damaged on the box")
    assert (
        labelled.screen.text == f"Label {SSCC} is printed again, marked COPY 2. Destroy the other one if it shows up."
    )
    copy = job_of(labelled)
    assert (copy.job_id != first.job_id, copy.state, copy.copy_no) == (True, "queued", 2)
    assert labelled.facts(e.LabelRequested)[-1].reason == "damaged on the box"


def test_a_label_that_is_not_known_to_have_come_out_is_no_case_for_a_reprint(labelled: Bench) -> None:
    labelled.floor(c.ReprintLabel, job_id=job_of(labelled).job_id, reason="lost")
    assert labelled.screen.text == (
        f"Label {SSCC} is sent; only a label that came out can be printed again. Answer for it in the list."
    )
    labelled.floor(c.ReprintLabel, job_id="label-404", reason="lost")
    assert labelled.screen.text == "There is no label job label-404. Look at the list of labels."


def test_two_taps_ask_for_one_copy(labelled: Bench) -> None:
    labelled.scan(SSCC)
    first = job_of(labelled).job_id
    for _ in range(2):
        labelled.floor(c.ReprintLabel, job_id=first, reason="lost")
    assert labelled.screen.text == (
        f"Another copy of label {SSCC} is wanted already. Settle that one in the list of labels first."
    )
    assert len(labelled.facts(e.LabelRequested)) == 2


def test_a_discarded_copy_is_not_printed_beside_another_one_that_waits(labelled: Bench) -> None:
    labelled.scan(SSCC)
    first = job_of(labelled).job_id
    labelled.floor(c.ReprintLabel, job_id=first, reason="lost")
    discarded = job_of(labelled).job_id
    labelled.decide_label(discarded, "discard")
    labelled.floor(c.ReprintLabel, job_id=first, reason="lost")
    labelled.decide_label(discarded, "print")
    assert labelled.screen.code == "label.copy_waits"


def test_each_copy_gets_a_number_of_its_own_whoever_asked_for_it(labelled: Bench) -> None:
    labelled.decide_label(doubt(labelled), "did_not")
    labelled.decide_label(print_again(labelled), "damaged")
    scan_copy(labelled, print_again(labelled, proved=True), 3)
    labelled.floor(c.ReprintLabel, job_id=job_of(labelled).job_id, reason="lost")
    assert labelled.screen.text.startswith(f"Label {SSCC} is printed again, marked COPY 4.")


def test_a_voided_number_is_burned_and_its_label_says_so_when_it_is_scanned(labelled: Bench) -> None:
    labelled.scan(SSCC)
    labelled.floor(c.VoidLabel, job_id=job_of(labelled).job_id, reason="wrong contents")
    assert labelled.screen.text == f"Label {SSCC} is void, and its number is never used again. Destroy the label."
    assert labelled.facts(e.LabelVoided)[0].reason == "wrong contents"
    labelled.scan(SSCC)
    assert labelled.screen.text == f"Label {SSCC} of order O-1 was voided and must not be used. Destroy it."


def test_every_copy_of_a_voided_number_is_void(labelled: Bench) -> None:
    labelled.scan(SSCC)
    first = job_of(labelled).job_id
    labelled.floor(c.ReprintLabel, job_id=first, reason="lost")
    labelled.floor(c.VoidLabel, job_id=first, reason="wrong contents")
    assert {job.state for job in spool.recent(labelled.store.reader, "pack-1", 10)} == {"voided"}
    assert spool.waiting(labelled.store.reader, "pack-1", 1) == []


def test_a_label_without_a_number_has_none_to_burn(labelled: Bench) -> None:
    labelled.floor(c.PrintLabel, template="tote", values={"code": "TOTE-1", "note": ""})
    assert labelled.screen.text == "Label tote TOTE-1 is on the way."
    job_id = spool.waiting(labelled.store.reader, "pack-1", 1)[0].job_id
    labelled.floor(c.VoidLabel, job_id=job_id, reason="wrong contents")
    assert labelled.screen.code == "label.no_number"


def test_only_labels_that_may_come_out_twice_are_printed_by_themselves(labelled: Bench) -> None:
    labelled.floor(c.PrintLabel, template="gs1_logistic_4x6", values={})
    assert labelled.screen.text == (
        "gs1_logistic_4x6 is no label that is printed by itself. There is item, item_gs1, location, return, tote."
    )


def test_a_label_on_its_way_is_not_voided_before_its_end_is_known(labelled: Bench) -> None:
    labelled.floor(c.VoidLabel, job_id=job_of(labelled).job_id, reason="wrong contents")
    assert labelled.screen.text == f"Label {SSCC} is sent. Wait until that is over, then void it."


def test_an_older_copy_that_tells_its_number_is_told_from_the_new_one(labelled: Bench) -> None:
    job_id = doubt(labelled)
    labelled.decide_label(job_id, "did_not")
    print_again(labelled)
    scan_copy(labelled, job_id, 1)
    assert labelled.screen.text == "This is an older label of order O-1. Destroy it, and scan the one marked COPY 2."
    scan_copy(labelled, job_id, 2)
    assert labelled.screen.text == f"Label {SSCC} is on order O-1."


def test_a_label_that_is_not_printed_yet_says_so_when_its_number_is_scanned(labelled: Bench) -> None:
    job_id = doubt(labelled)
    labelled.decide_label(job_id, "did_not")
    labelled.scan(SSCC)
    assert labelled.screen.text == f"Label {SSCC} of order O-1 waits to be printed."


# --- the label on its box ---------------------------------------------------------------------------------------


def test_a_label_the_printer_proved_is_checked_by_its_scan_on_the_box(labelled: Bench) -> None:
    proved(labelled)
    labelled.scan(SSCC)
    assert labelled.screen.text == f"Label {SSCC} is on order O-1."
    assert len(labelled.facts(e.LabelChecked)) == 1


def test_a_swapped_label_names_the_other_package_and_both_wait(labelled: Bench) -> None:
    proved(labelled)
    labelled.scan(SSCC)
    other = sealed_order(labelled, "O-2")
    proved(labelled)
    labelled.scan(SSCC)
    assert labelled.screen.text == (
        "This is the label of order O-1, and the box here is order O-2. "
        f"Take it off, put label {other} on, and look for the box of order O-1."
    )
    assert labelled.screen.tone is Tone.REFUSED
    swapped = {job.sscc: job.box_check for job in spool.recent(labelled.store.reader, "pack-1", 10)}
    assert swapped == {SSCC: "swapped", other: "open"}
    labelled.scan(other)
    assert labelled.screen.text == f"Label {other} is on order O-2."
    labelled.scan(SSCC)
    assert labelled.screen.text == f"Label {SSCC} is on order O-1."


def test_a_doubtful_label_found_on_another_box_came_out_and_is_not_on_its_own(labelled: Bench) -> None:
    doubt(labelled)
    other = sealed_order(labelled, "O-2")
    labelled.scan(SSCC)
    assert labelled.screen.text == (
        f"This is the label of order O-1: it came out. The box here is order O-2; scan label {other} on it."
    )
    assert [job.box_check for job in spool.recent(labelled.store.reader, "pack-1", 10)] == ["open", "open"]


def test_while_the_next_order_is_open_a_label_is_simply_checked(labelled: Bench) -> None:
    proved(labelled)
    sealed_order(labelled, "O-2")
    labelled.given_order("O-3", line("SKU-1", 1))
    labelled.scan("O-3", SSCC)
    assert labelled.screen.text == f"Label {SSCC} is on order O-1."


def test_a_site_can_demand_the_scan_before_the_next_order(labelled: Bench) -> None:
    labelled.restart(label_check=True)
    proved(labelled)
    labelled.given_order("O-2", line("SKU-1", 1))
    labelled.scan("O-2")
    assert labelled.screen.text == "Scan the label on the box of order O-1 before you open another order."
    labelled.open("O-2")
    assert labelled.screen.code == "label.check_first"
    labelled.scan(SSCC, "O-2")
    assert labelled.screen.code == "pack.opened"


def test_where_the_scan_is_demanded_a_label_in_doubt_is_settled_first(labelled: Bench) -> None:
    labelled.restart(label_check=True)
    job_id = doubt(labelled)
    labelled.given_order("O-2", line("SKU-1", 1))
    labelled.scan("O-2")
    assert labelled.screen.text == (
        f"Label {SSCC} of order O-1 is not on its box yet. Answer for it in the list of labels first."
    )
    labelled.decide_label(job_id, "came_out")
    labelled.scan("O-2")
    assert labelled.screen.code == "label.check_first"
    labelled.floor(c.VoidLabel, job_id=job_id, reason="parcel is unpacked")
    labelled.scan("O-2")
    assert labelled.screen.code == "pack.opened"


def scan_copy(bench: Bench, job_id: str, copy_no: int) -> None:
    """Scan the code of one printed copy."""
    bench.scan(attempt_code(job_id, copy_no))


def sealed_order(bench: Bench, order: str) -> str:
    """Another order is packed and sealed; its SSCC."""
    bench.given_order(order, line("SKU-1", 1))
    bench.packed(order, 100)
    return bench.facts(e.LabelRequested)[-1].sscc


def proved(bench: Bench) -> None:
    """The printer counted the newest label."""
    job = spool.recent(bench.store.reader, "pack-1", 10)[0]
    if job.state == "queued":
        print_again(bench)
    bench.runner.run(bench.store.run(lambda tx: spool.confirmed(tx, job, 1, 1)))


def print_again(bench: Bench, *, proved: bool = False) -> str:
    """The label that waits is given to the printer, which says nothing; then it is in doubt, unless `proved`."""

    def print_it(tx: Transaction) -> str:
        (job,) = spool.waiting(tx.connection, "pack-1", 1)
        job = spool.rendered(tx, job.job_id, b"^XA^XZ")
        n = spool.begin(tx, job, None)
        spool.taken(tx, job, n)
        if not proved and job.copy_no > 1:
            spool.doubted(tx, job, n, "the printer was switched off")
        return job.job_id

    return bench.runner.run(bench.store.run(print_it))
