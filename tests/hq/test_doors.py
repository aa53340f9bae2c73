from __future__ import annotations

import io
from pathlib import Path

import pytest

from hq.app import MODULES
from hq.calls import BASE
from hq.faults import Faults
from hq.keys import BadKey, Caller, Keys, dev_keys, from_option
from tests.hq.site import Hq, order


async def test_health_needs_no_key_and_everything_else_does(hq: Hq) -> None:
    health = await hq.get("/health", role="")
    working = ("store", "imports", "jobs", "webhooks")
    assert health.body == {"status": "ok", "subsystems": dict.fromkeys(working, "ok")}
    refused = await hq.get("/fulfillments", role="")
    assert (refused.status, refused.code) == (401, "no_key")
    wrong = await hq.get("/fulfillments", role="", headers={"Authorization": "Bearer wrong-wrong-wrong-wrong"})
    assert wrong.status == 401


@pytest.mark.parametrize("path", ["/fulfillments", "/imports?kind=stock", "/fulfillments/x/cancel"])
async def test_a_station_may_not_do_the_offices_work(hq: Hq, path: str) -> None:
    refused = await hq.post(path, {}, role="station")
    assert (refused.status, refused.code) == (403, "wrong_role")
    assert (await hq.get("/hq/truth", role="station")).status == 403


async def test_the_operator_may_not_touch_orders(hq: Hq) -> None:
    assert (await hq.get("/fulfillments", role="operator")).status == 403


def test_every_route_names_its_roles() -> None:
    routes = [route for module in MODULES for route in module.routes.routes]
    assert len(routes) > 30
    assert all(route.roles and route.summary for route in routes)


async def test_the_tenant_is_echoed_even_on_refusals(hq: Hq) -> None:
    tenant = {"X-Tenant-ID": "acme"}
    assert (await hq.get("/fulfillments", headers=tenant)).headers["X-Tenant-ID"] == "acme"
    assert (await hq.get("/fulfillments/x", headers=tenant)).headers["X-Tenant-ID"] == "acme"
    assert (await hq.get("/fulfillments", headers={"X-Tenant-ID": "x" * 200})).status == 400


@pytest.mark.parametrize("name", ["X-Worker-ID", "X-Device-ID", "X-Correlation-ID"])
async def test_a_name_in_a_header_has_a_limit(hq: Hq, name: str) -> None:
    refused = await hq.get("/fulfillments", headers={name: "x" * 129})
    assert (refused.status, refused.code) == (400, "bad_header")


async def test_another_host_name_is_refused(hq: Hq) -> None:
    refused = await hq.get("/health", role="", headers={"Host": "evil.example"})
    assert (refused.status, refused.code) == (421, "wrong_host")


async def test_a_body_over_eight_mebibytes_or_of_another_type_is_refused(hq: Hq) -> None:
    headers = {"Idempotency-Key": "k1", "Content-Type": "application/json"}
    large = await hq.call("POST", "/fulfillments", headers=headers, data=io.BytesIO(b" " * (8 * 1024 * 1024 + 1)))
    assert large.status == 413
    broken = await hq.call("POST", "/fulfillments", headers=headers, data=b"{")
    assert (broken.status, broken.code) == (400, "bad_request")
    text = await hq.call("POST", "/fulfillments", headers=headers | {"Content-Type": "text/plain"}, data=b"{}")
    assert text.status == 400


@pytest.mark.parametrize("order_id", ["", "a\nb", "x" * 65, 7, None])
async def test_an_id_is_a_short_printable_text(hq: Hq, order_id: object) -> None:
    assert (await hq.post("/fulfillments", order("o", SKU_1=1) | {"order_id": order_id})).status == 422


def test_dev_keys_are_made_once_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    first = dev_keys(file)
    assert [caller.role for caller, _ in first] == ["station", "office", "operator"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert dev_keys(file) == first
    file.chmod(0o644)
    with pytest.raises(BadKey, match="chmod 600"):
        dev_keys(file)


@pytest.mark.parametrize("text", ["[]", "{}", "no json"])
def test_a_dev_key_file_with_something_else_in_it_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(BadKey, match=r"keys\.json"):
        dev_keys(file)


def test_a_key_of_the_command_line_is_read_from_its_private_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a-secret-long-enough\n")
    file.chmod(0o600)
    assert from_option(f"edge-1:station:{file}") == (Caller("edge-1", "station"), "a-secret-long-enough")
    for wrong in ("edge-1:station", f"edge-1:boss:{file}", f"edge-1:station:{file}x"):
        with pytest.raises(BadKey):
            from_option(wrong)


def test_short_doubled_or_missing_secrets_are_refused_without_showing_them() -> None:
    one, two = Caller("one", "station"), Caller("two", "office")
    with pytest.raises(BadKey, match="'one' is shorter") as short:
        Keys([(one, "hunter2")])
    assert "hunter2" not in str(short.value)
    with pytest.raises(BadKey, match="'two' and 'one'"):
        Keys([(one, "a-secret-long-enough"), (two, "a-secret-long-enough")])
    with pytest.raises(BadKey, match="at least one key"):
        Keys([])


def test_the_page_about_hq_names_every_route_and_every_fault() -> None:
    page = (Path(__file__).parents[2] / "docs" / "hq.md").read_text(encoding="utf-8")
    paths = {route.path.removeprefix(BASE) for module in MODULES for route in module.routes.routes}
    assert [path for path in sorted(paths) if f"`{path}`" not in page] == []
    assert [name for name in Faults.model_fields if f"`{name}`" not in page] == []
