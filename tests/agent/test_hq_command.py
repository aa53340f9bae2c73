"""Loading orders into HQ from the command line: good lines go in, bad ones are named."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from agent.demo import lines_of, rows_of
from tests.support.site import Hq


async def edge_agent(*arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "agent", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    told, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, told.decode()


async def test_a_bad_line_is_named_with_its_place_and_value_and_stops_no_other(tmp_path: Path) -> None:
    hq = Hq(tmp_path)
    await hq.start()
    try:
        target = ("--url", hq.url, "--key-file", str(hq.keys_file))
        products = tmp_path / "products.ndjson"
        products.write_bytes(lines_of("products"))
        code, told = await edge_agent("hq", "import", str(products), "--kind", "products", *target)
        assert (code, told) == (0, "12 of 12 lines accepted.\n")

        good = [json.dumps(row) for row in rows_of("orders")]
        wrong = json.dumps(
            {
                **rows_of("orders")[0],
                "order_id": "o",
                "lines": [{"order_line_id": "1", "sku": "DM-001", "quantity": -3}],
            }
        )
        orders = tmp_path / "orders.ndjson"
        orders.write_text("\n".join([good[0], "{not json", wrong, *good[1:]]) + "\n")
        code, told = await edge_agent("hq", "import", str(orders), *target)
        assert code == 1
        assert "12 of 14 lines accepted." in told
        assert "orders.ndjson, line 2: Invalid JSON" in told
        assert "orders.ndjson, line 3: lines.0.quantity: Input should be greater than 0 (got -3)." in told
        found = await hq.call("GET", "/fulfillments?limit=50")
        assert len(found["items"]) == 12
    finally:
        hq.process.stop()


async def test_a_wrong_key_or_address_is_told_in_words(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("wrong")
    file = tmp_path / "x.ndjson"
    file.write_text("{}\n")
    code, told = await edge_agent("hq", "import", str(file), "--url", "http://127.0.0.1:9", "--key-file", str(key))
    assert code == 2
    assert told.startswith("http://127.0.0.1:9: HQ does not answer (")


async def test_a_key_file_that_is_no_key_is_told_in_words(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("{'office': 'single quotes'}")
    file = tmp_path / "x.ndjson"
    file.write_text("{}\n")
    code, told = await edge_agent("hq", "import", str(file), "--url", "http://127.0.0.1:9", "--key-file", str(key))
    assert code == 2
    assert "Put the key alone into the file." in told
