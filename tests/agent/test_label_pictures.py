"""Pictures of labels as a screen asks for them: over HTTP, of the very bytes that the printer got."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from PIL import Image

from agent.api.access import COOKIE, StationKey
from agent.api.app import build_app, doors_of
from agent.api.labels import MISSING_HEADER, LabelPictures
from agent.labels.library import PACKAGED, Templates
from agent.labels.shipping import Address
from local_store.domain.printing import Job
from tests.support.pack_station import PackStation
from tests.support.render import read_barcodes

SENDER = Address(name="Warehouse")


class Pictures:
    """The routes on a free port, and a page that may call them."""

    def __init__(self, station: PackStation, folder: Path) -> None:
        self.station, self.key = station, StationKey(folder)
        own = PACKAGED.source("location").replace("Shelf D, bay 01, level 3", "棚 D 漢")
        self.templates = Templates({"shelf": own})

    async def open(self) -> None:
        app = build_app(
            self.key,
            lambda: doors_of("127.0.0.1", self.port),
            [LabelPictures(self.station.store, self.templates, SENDER).routes()],
        )
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.port: int = self.runner.addresses[0][1]
        self.session = aiohttp.ClientSession(f"http://127.0.0.1:{self.port}", cookies={COOKIE: self.key.cookie})

    async def close(self) -> None:
        await self.session.close()
        await self.runner.cleanup()

    async def png(self, path: str) -> tuple[Image.Image, str]:
        async with self.session.get(path) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.content_type == "image/png"
            return Image.open(io.BytesIO(await answer.read())), answer.headers.get(MISSING_HEADER, "")

    async def refusal(self, path: str) -> tuple[int, str]:
        async with self.session.get(path) as answer:
            return answer.status, (await answer.json())["error"]["message"]


@pytest.fixture
async def pictures(tmp_path: Path) -> AsyncIterator[Pictures]:
    station = PackStation(tmp_path / "store")
    await station.open()
    made = Pictures(station, tmp_path)
    await made.open()
    yield made
    await made.close()
    await station.close()


async def test_the_picture_of_a_printed_label_holds_the_number_that_was_printed(pictures: Pictures) -> None:
    sscc = await pictures.station.seal_an_order()
    (job,) = pictures.station.jobs()
    status, sentence = await pictures.refusal(f"/v1/station/labels/{job.job_id}/preview.png")
    assert (status, sentence[:28]) == (404, "This label is not drawn: it ")
    pictures.station.print()
    await pictures.station.until_job_is(Job.CONFIRMED)
    image, missing = await pictures.png(f"/v1/station/labels/{job.job_id}/preview.png")
    assert image.size == (812, 1218)
    assert read_barcodes(image) == [("]C1", f"00{sscc}")]
    assert missing == ""


async def test_before_a_parcel_is_sealed_its_label_is_shown_with_zeros_for_its_number(pictures: Pictures) -> None:
    await pictures.station.weigh_an_order()
    reader = pictures.station.store.reader
    ((package_id,),) = reader.execute("SELECT package_id FROM package").fetchall()
    image, _ = await pictures.png(f"/v1/station/packages/{package_id}/label.png")
    assert image.size == (812, 1218)
    assert read_barcodes(image) == [("]C1", f"00{'0' * 18}")]
    assert pictures.station.jobs() == []
    refused = await pictures.refusal("/v1/station/packages/nosuch/label.png")
    assert refused == (404, "There is no parcel 'nosuch' on this station.")


async def test_a_template_is_shown_with_its_samples_for_the_density_that_is_asked_for(pictures: Pictures) -> None:
    coarse, _ = await pictures.png("/v1/station/templates/tote/preview.png")
    fine, _ = await pictures.png("/v1/station/templates/tote/preview.png?dpi=300")
    assert (coarse.size, fine.size) == ((812, 406), (1200, 600))
    assert read_barcodes(coarse) == read_barcodes(fine) == [("]Q1", "TOTE-0042"), ("]C0", "TOTE-0042")]


async def test_a_sites_own_template_is_shown_and_what_cannot_be_drawn_is_named(pictures: Pictures) -> None:
    image, missing = await pictures.png("/v1/station/templates/shelf/preview.png")
    assert read_barcodes(image) == [("]C0", "D-01-3")]
    assert missing == "U+68DA U+6F22"


async def test_what_is_not_there_is_said_in_a_sentence(pictures: Pictures) -> None:
    assert await pictures.refusal("/v1/station/labels/nosuch/preview.png") == (
        404,
        "There is no label job 'nosuch' on this station.",
    )
    status, sentence = await pictures.refusal("/v1/station/templates/nosuch/preview.png")
    assert (status, sentence[:35]) == (404, "There is no label template 'nosuch'")
    status, sentence = await pictures.refusal("/v1/station/templates/gs1_logistic_4x6/preview.png?dpi=600")
    assert status == 404
    assert "must be 0.495 to 1.016 mm" in sentence
    assert (await pictures.refusal("/v1/station/templates/tote/preview.png?dpi=201"))[0] == 422


async def test_only_this_stations_own_screens_see_labels(pictures: Pictures) -> None:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{pictures.port}") as stranger:
        for path in ("/v1/station/templates/tote/preview.png", "/v1/station/labels/x/preview.png"):
            async with stranger.get(path) as answer:
                assert answer.status == 401
