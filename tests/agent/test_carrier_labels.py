"""A carrier's label on paper: checked, fitted to the roll, and sent by no machine twice."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uuid_utils.compat as uuid
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from agent.labels.carrier import ALLOWED, carrier_zpl, is_for
from agent.labels.template import LabelRefused
from agent.labels.zpl_parse import parse
from devices.readings import Stock
from local_store import spool
from local_store.domain import commands as c
from local_store.domain.printing import Job
from local_store.spool import SpoolJob
from tests.support.pack_station import PackStation, site_with
from tests.support.site import until

STOCK = Stock(812, 1218)
ZPL = b"^XA\n^CI28^PW812^LL1218\n^FO40,60^A0N,44,44^FH_^FDAna_20B^FS\n^FO40,540^BY3^BCN,200,Y,N,N^FD1Z9^FS\n^XZ\n"


def png(width: int = 812, height: int = 1218) -> bytes:
    """A picture of a label."""
    image = Image.new("1", (width, height), 1)
    ImageDraw.Draw(image).rectangle((100, 100, 300, 160), fill=0)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(203, 203))
    return file.getvalue()


def test_zpl_that_is_one_label_passes_with_our_settings_before_its_own() -> None:
    label = carrier_zpl(ZPL, STOCK, 203)
    assert label.startswith(b"^XA^CI28^PW812^LL1218^LH0,0^LT0^LS0^PON")
    assert b"^FDAna_20B" in label
    assert [bytes(each) for each in parse(label)][-6:] == [bytes(each) for each in parse(ZPL)][-6:]
    assert is_for(label, STOCK)
    assert not is_for(label, Stock(812, 812))


@pytest.mark.parametrize(
    ("zpl", "why"),
    [
        (ZPL + ZPL, "it has 2 beginnings and 2 ends"),
        (b"^XA^FO1,1^FDx^FS", "it has 1 beginnings and 0 ends"),
        (b"^XA^PW812^XZ", "there is nothing on it"),
        (b"^XA~JA^FO1,1^FDx^FS^XZ", "'~JA'"),
        (b"^XA^FO1,1^FD~JR^FS^XZ", "'~JR'"),
        (b"^XA^FO1,1^FDx^FS^DFR:A.ZPL^XZ", "'^DF'"),
        (b"^XA^XFR:A.ZPL^FO1,1^FDx^FS^XZ", "'^XF'"),
        (b"^XA^CC!^FO1,1^FDx^FS^XZ", "'^CC'"),
        (b"^XA^JUF^FO1,1^FDx^FS^XZ", "'^JU'"),
        (b"^XA^IDR:*.*^FO1,1^FDx^FS^XZ", "'^ID'"),
        (b"^XA^FO1,1^FDx^FS~PR^XZ", "'~PR'"),
        (b"^XA^PQ2^FO1,1^FDx^FS^XZ", "more than one label"),
        (b"^XA\x10JA^FO1,1^FDx^FS^XZ", "'~JA'"),  # DLE is a tilde for printers
        (b"^XA^PW1218^FO1,1^FDx^FS^XZ", "1218 dots wide"),
        (b"^XA^PW812^LL2436^FO1,1^FDx^FS^XZ", "2436 dots long"),
    ],
)
def test_zpl_that_would_do_more_than_draw_one_label_is_refused(zpl: bytes, why: str) -> None:
    with pytest.raises(LabelRefused) as refusal:
        carrier_zpl(zpl, STOCK, 203)
    assert why in str(refusal.value)
    assert str(refusal.value).endswith("Have it made as PNG or PDF, or print it at HQ.")


def test_zpl_that_does_not_say_its_size_goes_to_printers_of_203_dpi_only() -> None:
    bare = b"^XA^FO1,1^FDx^FS^XZ"
    carrier_zpl(bare, STOCK, 203)
    with pytest.raises(LabelRefused, match="it does not say how wide it is, and the printer has 300 dpi"):
        carrier_zpl(bare, Stock(1200, 1800), 300)


def test_a_picture_is_drawn_dot_for_dot_and_another_file_is_refused_in_words() -> None:
    label = carrier_zpl(png(), STOCK, 203)
    assert label.count(b"^XA") == 1
    assert b"^GFA," in label
    with pytest.raises(LabelRefused, match="These bytes are no picture"):
        carrier_zpl(b"<html>Log in</html>", STOCK, 203)


@given(
    st.lists(
        st.sampled_from([b"^XA", b"^XZ", b"^FO1,1", b"^FDx", b"^FS", b"^PQ9", b"~JA", b"^DFA", b"\x10", b"^", b"^CC"])
    )
)
def test_whatever_passes_is_one_label_of_allowed_commands(parts: list[bytes]) -> None:
    try:
        label = carrier_zpl(b"^XA" + b"".join(parts), STOCK, 203)
    except LabelRefused:
        return
    commands = parse(label)
    assert [each.code for each in commands].count("XA") == [each.code for each in commands].count("XZ") == 1
    assert all(each.prefix == "^" and each.code in ALLOWED for each in commands)
    assert b"^PQ9" not in label


# --- through the spool ------------------------------------------------------------------------------------------


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[PackStation]:
    made = PackStation(tmp_path / "store", site=site_with(carrier_labels=True))
    await made.open()
    yield made
    await made.close()


async def give_label(station: PackStation, data: bytes, lane: str = "main") -> None:
    """HQ gives the carrier's label of the first order."""
    label = c.ReceiveCarrierLabel(
        command_id=uuid.uuid7(),
        lane=lane,
        fulfillment_id="F1",
        tracking_number="1Z9",
        content_type="application/octet-stream",
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
    )
    assert (await station.store.execute(label)).answer.code == "carrier_label.kept"


def carriers_job(station: PackStation) -> SpoolJob:
    return next(job for job in station.jobs() if job.file)


async def until_carriers_is(station: PackStation, state: Job) -> SpoolJob:
    await until(lambda: carriers_job(station).state is state, f"the carrier's label did not become {state}")
    return carriers_job(station)


@pytest.mark.parametrize("data", [ZPL, png()])
async def test_the_label_comes_out_once_on_the_printer_where_its_parcel_was_sealed(
    station: PackStation, data: bytes
) -> None:
    await station.seal_an_order()
    await give_label(station, data)
    station.print()
    job = await until_carriers_is(station, Job.CONFIRMED)
    assert job.evidence == "counter"
    assert len(station.printer.labels) == 2
    assert (b"1Z9" if data is ZPL else b"^GFA") in station.printer.labels[1]


async def test_a_label_whose_attempt_was_cut_off_asks_a_person_and_is_not_sent_again(station: PackStation) -> None:
    await station.seal_an_order()
    await give_label(station, ZPL)
    job = carriers_job(station)
    ready = await station.store.run(lambda tx: spool.rendered(tx, job.job_id, carrier_zpl(ZPL, STOCK, 203), 203))
    await station.store.run(lambda tx: spool.begin(tx, ready, None, "printer"))
    station.print()
    await until_carriers_is(station, Job.UNCERTAIN)
    await until(lambda: len(station.printer.labels) == 1, "our own label did not come out")
    assert b"1Z9" not in station.printer.labels[0]
    await station.do(c.DecideLabel, job_id=job.job_id, decision="did_not")
    await until_carriers_is(station, Job.CONFIRMED)
    assert b"1Z9" in station.printer.labels[1]


async def test_a_file_that_cannot_be_printed_is_told_and_holds_nothing_up(station: PackStation) -> None:
    await station.seal_an_order()
    await give_label(station, b"^XA~JA^FO1,1^FDx^FS^XZ")
    station.print()
    job = await until_carriers_is(station, Job.CANCELLED)
    assert job.reason is not None
    assert job.reason.startswith("The carrier's ZPL label is not sent to the printer: it uses '~JA'")
    await station.seal_an_order()
    await until(lambda: len(station.printer.labels) == 2, "the labels after it did not come out")


async def test_a_file_that_is_gone_or_damaged_is_told_and_not_printed(station: PackStation) -> None:
    await station.seal_an_order()
    await give_label(station, ZPL)
    await station.store.run(lambda tx: tx.connection.execute("UPDATE file SET bytes = X'00'"))
    station.print()
    job = await until_carriers_is(station, Job.CANCELLED)
    assert job.reason is not None
    assert "is not what was written" in job.reason
    await station.store.run(lambda tx: tx.connection.execute("DELETE FROM file"))
    await station.do(c.DecideLabel, job_id=job.job_id, decision="print")
    await until(lambda: "no longer kept" in (carriers_job(station).reason or ""), "the missing file was not told")
    await asyncio.sleep(0)
    assert len(station.printer.labels) == 1


async def test_a_label_is_fitted_again_when_it_goes_to_a_printer_with_another_roll(station: PackStation) -> None:
    await station.seal_an_order()
    await give_label(station, png())
    job = carriers_job(station)
    first = await station.store.run(lambda tx: spool.rendered(tx, job.job_id, carrier_zpl(png(), STOCK, 203), 203))
    assert first.is_sound
    station.print(station.printer_of(station.printer, stock="830x1218"))
    job = await until_carriers_is(station, Job.CONFIRMED)
    assert b"^PW830^LL1218" in (job.zpl or b"")
