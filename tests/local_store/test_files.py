"""Files beside the journal: kept with the fact that names them, checked when read, gone when nobody needs them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local_store import files, retention, scrub, spool
from local_store.checks import RowDamaged
from local_store.clock import SystemClock
from local_store.database import FILE_NAME
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import Lane
from local_store.retention import NIGHTS_OF_ADDRESSES, NIGHTS_OF_LABELS
from local_store.salvage import salvage
from local_store.transaction import Transaction
from tests.support.floor import FOR_HQ, SITE, Bench, line, new_id

LABEL = b"\x89PNG a carrier's label \xff\x00"
TRACKING = "JD000111222"


@pytest.fixture
def sealed(packing: Bench) -> Bench:
    """Order O-1 is packed and sealed at pack-1; the site prints what carriers send."""
    packing.restart(carrier_labels=True)
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.weigh(300)
    packing.seal()
    return packing


def carriers(bench: Bench, data: bytes = LABEL, **of: Any) -> c.ReceiveCarrierLabel:
    ((fulfillment_id,),) = bench.query("SELECT fulfillment_id FROM fulfillment WHERE order_id = 'O-1'")
    members = {
        "command_id": new_id(),
        "lane": "main",
        "fulfillment_id": fulfillment_id,
        "tracking_number": TRACKING,
        "content_type": "image/png",
        "sha256": hashlib.sha256(data).hexdigest(),
        "data": data,
    }
    return c.ReceiveCarrierLabel(**{**members, **of})


def job_of(bench: Bench) -> spool.SpoolJob:
    (job,) = [job for job in spool.recent(bench.store.reader, "pack-1", 10) if job.file]
    return job


def in_store(bench: Bench, work: Callable[[Transaction], Any]) -> Any:
    return bench.runner.run(bench.store.run(work))


def test_a_carriers_label_is_kept_with_its_fact_and_becomes_a_job_where_the_parcel_was_sealed(sealed: Bench) -> None:
    receipt = sealed.do(carriers(sealed))
    assert receipt.answer.text == "The carrier's label of order O-1 is here."
    ((package_id,),) = sealed.query("SELECT package_id FROM package")
    (fact,) = sealed.facts(e.CarrierLabelReceived)
    assert (fact.package_id, fact.tracking_number, fact.lane) == (package_id, TRACKING, "main")
    assert files.read(sealed.store.reader, fact.sha256) == files.KeptFile(LABEL, "image/png")
    job = job_of(sealed)
    assert (job.state, job.label_class, job.title) == ("queued", "unique", f"carrier_label {TRACKING}")
    assert not sealed.query("SELECT 1 FROM outbox JOIN journal USING (seq) WHERE kind LIKE '%carrier%'")


def test_a_label_that_comes_again_or_another_one_for_the_same_parcel_changes_nothing(sealed: Bench) -> None:
    sealed.do(carriers(sealed))
    again = sealed.do(carriers(sealed, b"made anew by the carrier"))
    assert again.answer.text == "The carrier's label of order O-1 was here already."
    assert len(sealed.facts(e.CarrierLabelReceived)) == len(sealed.facts(e.CarrierLabelRequested)) == 1
    assert sealed.query("SELECT count(*) FROM file") == [(1,)]


def test_the_label_of_a_second_hq_is_kept_and_never_printed_beside_the_first(sealed: Bench) -> None:
    sealed.do(carriers(sealed))
    sealed.do(carriers(sealed, b"another", lane="other"))
    assert len(sealed.facts(e.CarrierLabelReceived)) == 2
    assert len(sealed.facts(e.CarrierLabelRequested)) == 1


def test_nothing_is_printed_unless_the_site_says_so(sealed: Bench) -> None:
    sealed.restart(carrier_labels=False)
    sealed.do(carriers(sealed))
    assert sealed.facts(e.CarrierLabelReceived)
    assert not sealed.facts(e.CarrierLabelRequested)


def test_the_label_of_a_parcel_that_is_not_sealed_here_is_kept_and_not_printed(packing: Bench) -> None:
    packing.restart(carrier_labels=True)
    packing.do(carriers(packing))
    assert packing.facts(e.CarrierLabelReceived)[0].package_id == ""
    assert not packing.facts(e.CarrierLabelRequested)


def test_a_label_for_what_is_not_known_here_is_not_kept(sealed: Bench) -> None:
    receipt = sealed.do(carriers(sealed, fulfillment_id="ful-404"))
    assert receipt.answer.text == "ful-404 is not known here, so the carrier's label for it is not kept."
    assert sealed.query("SELECT count(*) FROM file") == [(0,)]


def test_bytes_that_are_not_those_of_their_name_are_no_command() -> None:
    with pytest.raises(ValueError, match="its SHA-256 is another one"):
        c.ReceiveCarrierLabel(
            command_id=new_id(), lane="m", fulfillment_id="F", content_type="", sha256="0" * 64, data=b"x"
        )


def test_what_is_too_much_is_refused_and_nothing_is_pushed_out(
    sealed: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_ALL_BYTES", len(LABEL) - 1)
    receipt = sealed.do(carriers(sealed))
    assert receipt.answer.code == "file.no_room"
    assert not sealed.facts(e.CarrierLabelReceived)


# --- scans, copies, voids ---------------------------------------------------------------------------------------


def printed(bench: Bench) -> spool.SpoolJob:
    job = job_of(bench)

    def print_it(tx: Transaction) -> None:
        ready = spool.rendered(tx, job.job_id, b"^XA^XZ")
        spool.taken(tx, ready, spool.begin(tx, ready, None))

    in_store(bench, print_it)
    return job_of(bench)


def test_a_scan_of_the_tracking_number_is_evidence_for_the_carriers_label_alone(sealed: Bench) -> None:
    sealed.do(carriers(sealed))
    printed(sealed)
    sealed.scan(TRACKING)
    assert sealed.screen.text == f"Label {TRACKING} is on order O-1."
    assert job_of(sealed).state == "confirmed"
    ours = next(job for job in spool.recent(sealed.store.reader, "pack-1", 10) if not job.file)
    assert ours.state == "queued"


def test_a_copy_of_the_carriers_label_counts_apart_from_our_own_and_cannot_be_marked(sealed: Bench) -> None:
    sealed.do(carriers(sealed))
    job = printed(sealed)
    sealed.scan(TRACKING)
    sealed.floor(c.ReprintLabel, job_id=job.job_id, reason="damaged")
    assert sealed.screen.text == (
        f"Label {TRACKING} is printed again, just as the carrier made it. Destroy the other one if it shows up."
    )
    copy = sealed.facts(e.CarrierLabelRequested)[-1]
    assert (copy.copy_no, copy.file, copy.tracking_number) == (2, job.file, TRACKING)
    ((ours,),) = sealed.query("SELECT copy_no FROM spool_job WHERE file = ''")
    assert ours == 1


def test_voiding_one_of_the_two_labels_of_a_package_leaves_the_other(sealed: Bench) -> None:
    sealed.do(carriers(sealed))
    job = printed(sealed)
    sealed.scan(TRACKING)
    sealed.floor(c.VoidLabel, job_id=job.job_id, reason="wrong contents")
    assert sealed.query("SELECT file = '', state FROM spool_job ORDER BY 1") == [(0, "voided"), (1, "queued")]


def test_the_carriers_label_is_not_the_one_that_the_box_waits_for(sealed: Bench) -> None:
    sealed.do(carriers(sealed))
    sealed.restart(label_check=True)
    sealed.given_order("O-2", line("SKU-1", 1))
    sealed.scan("O-2")
    ((sscc,),) = sealed.query("SELECT sscc FROM spool_job WHERE file = ''")
    assert sscc in sealed.screen.text
    sealed.restart(label_check=False)


# --- damage, rebuild, retention ---------------------------------------------------------------------------------


def test_bytes_that_were_damaged_are_found_and_never_used(sealed: Bench) -> None:
    sealed.do(carriers(sealed))
    in_store(sealed, lambda tx: tx.connection.execute("UPDATE file SET bytes = X'00'"))
    with pytest.raises(RowDamaged, match=r"file [0-9a-f]{64} is not what was written"):
        files.read(sealed.store.reader, job_of(sealed).file)
    report = scrub.Report()
    for _ in scrub.look(sealed.store.path, report):
        pass
    assert report.files == 1
    assert "is not what was written" in report.sentences[0]


def test_a_salvage_takes_whole_files_over_and_leaves_damaged_ones(sealed: Bench, tmp_path: Path) -> None:
    sealed.do(carriers(sealed))
    whole = job_of(sealed).file
    in_store(sealed, lambda tx: files.keep(tx, "f" * 64, b"not of this name", "image/png"))
    sealed.runner.run(sealed.store.close())
    salvage(sealed.folder / FILE_NAME, "for the test", sealed.site, SystemClock(), "test")
    sealed.store = sealed._open()
    assert sealed.query("SELECT sha256 FROM file") == [(whole,)]
    assert job_of(sealed).state == "uncertain"


def nights(bench: Bench, many: int, address_nights: int = NIGHTS_OF_ADDRESSES) -> None:
    async def no_pause(_seconds: float) -> None:
        await asyncio.sleep(0)

    for _ in range(many):
        bench.runner.run(retention.close_night(bench.store, no_pause, address_nights))


def test_a_file_goes_with_the_nights_once_its_label_is_settled(sealed: Bench) -> None:
    sealed.do(carriers(sealed))
    nights(sealed, NIGHTS_OF_LABELS + 2)
    assert sealed.query("SELECT count(*) FROM file") == [(1,)]  # its label still waits
    in_store(sealed, lambda tx: tx.connection.execute("UPDATE spool_job SET state = 'confirmed'"))
    nights(sealed, 1)
    assert sealed.query("SELECT count(*) FROM file") == [(0,)]
    assert sealed.facts(e.CarrierLabelReceived)  # the fact stays


def test_a_carriers_label_shows_an_address_and_goes_with_it(sealed: Bench) -> None:
    sealed.do(carriers(sealed))
    party = "INSERT OR IGNORE INTO party SELECT party_id, 'Ann', '{}', NULL FROM fulfillment"
    in_store(sealed, lambda tx: tx.connection.execute(party))
    nights(sealed, 6, address_nights=5)
    assert sealed.query("SELECT count(*) FROM file") == [(1,)]  # its label still waits
    in_store(sealed, lambda tx: tx.connection.execute("UPDATE spool_job SET state = 'confirmed'"))
    in_store(sealed, lambda tx: tx.connection.execute("UPDATE outbox SET state = 'delivered'"))
    nights(sealed, 6, address_nights=5)
    assert sealed.query("SELECT (SELECT count(*) FROM party), (SELECT count(*) FROM file)") == [(0, 0)]


def test_a_file_that_still_goes_to_an_hq_stays(sealed: Bench) -> None:
    sealed.do(carriers(sealed))
    in_store(sealed, lambda tx: tx.connection.execute("UPDATE spool_job SET state = 'confirmed'"))
    upload = "INSERT INTO file_transfer(lane, way, name, of, state) VALUES ('main', 'up', ?, 'x', 'wanted')"
    in_store(sealed, lambda tx: tx.connection.execute(upload, (job_of(sealed).file,)))
    nights(sealed, NIGHTS_OF_LABELS + 2)
    assert sealed.query("SELECT count(*) FROM file") == [(1,)]


# --- which labels are wanted ------------------------------------------------------------------------------------


def learn_shipment(bench: Bench, lane: str = "main") -> None:
    ((fulfillment_id,),) = bench.query("SELECT fulfillment_id FROM fulfillment")
    fact = e.HqRefLearned(lane=lane, thing="shipment", local_id=fulfillment_id, hq_id="sh-1")
    in_store(bench, lambda tx: tx.append(fact))


def test_a_lane_that_buys_labels_wants_that_of_each_new_shipment(sealed: Bench) -> None:
    learn_shipment(sealed)
    assert sealed.query("SELECT count(*) FROM file_transfer") == [(0,)]
    sealed.restart(lanes=(Lane("main", FOR_HQ, buys_labels=True),))
    learn_shipment(sealed)
    assert sealed.query("SELECT way, name, state FROM file_transfer") == [("down", "sh-1", "wanted")]
    sealed.restart(lanes=SITE.lanes)


def test_a_site_that_changes_its_lanes_knows_which_buy_labels() -> None:
    site = replace(SITE, lanes=(Lane("a", FOR_HQ, buys_labels=True), Lane("b", FOR_HQ)))
    assert site.label_lanes == {"a"}
