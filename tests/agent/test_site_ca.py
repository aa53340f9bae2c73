"""A site's own authority: what it signs is trusted by its name, its keys are nobody else's, and handhelds enrol."""

from __future__ import annotations

import asyncio
import json
import ssl
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner

from agent import certificates
from agent.__main__ import main
from agent.doors import Listeners, badge_key
from agent.wiring import Agent
from config import ConfigFaults, load
from devices.registry import SETTINGS
from sync.dialects import SETTINGS as DIALECTS
from tests.support.needs import ROOT
from tests.support.site import free_port, write_config

NOW = datetime.now(UTC)


def run(*arguments: str) -> str:
    """What a command says that ends well."""
    done = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def made(folder: Path, *names: str) -> None:
    """An authority and a certificate for these names."""
    certificates.make_authority(folder, "Test", NOW)
    certificates.issue(folder, folder, names or ("localhost", "127.0.0.1"), NOW)


def config_in(folder: Path, **tls: str) -> Path:
    """The edge.toml of a station with TLS on loopback, so that no test opens a door to the network."""
    settings = {
        "station": {
            "id": "station-1", "warehouse_id": "WH-1", "data_dir": "data", "ballast_mb": 0,
            "listen": f"127.0.0.1:{free_port()}",
        },
        "workplaces": {"pick-1": {"work": "pick"}, "pack-1": {"work": "pack"}},
        "workers": {"ana": {"name": "Ana", "badge": "BADGE-ANA", "roles": ["picker"]}},
        "tls": {"listen": f"127.0.0.1:{free_port()}", "certificate": "station.pem", "key": "station.key", **tls},
    }  # fmt: skip
    write_config(folder / "edge.toml", settings)
    return folder / "edge.toml"


@asynccontextmanager
async def running(config: Path) -> AsyncIterator[Agent]:
    agent, ready, stop = Agent(load(config, SETTINGS, DIALECTS), config.parent), asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(agent.run(lambda _url: ready.set(), stop))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    assert ready.is_set(), task.exception()
    try:
        yield agent
    finally:
        stop.set()
        await task


def test_keys_are_for_their_user_only_and_the_certificate_is_for_all(tmp_path: Path) -> None:
    run("site-ca", "make", "--folder", str(tmp_path))
    run("site-ca", "issue", "--folder", str(tmp_path), "--name", "pack-1.wh", "--address", "192.0.2.7")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"site-ca.pem": 0o644, "site-ca.key": 0o600, "station.pem": 0o600, "station.key": 0o600}
    assert certificates.names_of(tmp_path / "station.pem") == ("pack-1.wh", "192.0.2.7")


def test_an_authority_is_not_lost_by_mistake(tmp_path: Path) -> None:
    first = run("site-ca", "make", "--folder", str(tmp_path))
    again = CliRunner().invoke(main, ["site-ca", "make", "--folder", str(tmp_path)])
    assert (again.exit_code, "there is one already" in again.output) == (2, True)
    assert run("site-ca", "make", "--folder", str(tmp_path), "--replace") != first
    assert certificates.fingerprint(tmp_path / "site-ca.old.pem") in first


def test_the_next_certificate_is_signed_by_the_same_authority(tmp_path: Path) -> None:
    made(tmp_path)
    authority, first = certificates.fingerprint(tmp_path / "site-ca.pem"), (tmp_path / "station.pem").read_text()
    certificates.issue(tmp_path, tmp_path, ("localhost",), NOW)
    assert (tmp_path / "station.pem").read_text() != first
    assert certificates.fingerprint_of_authority(tmp_path / "station.pem") == authority


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--name", "x"), "there is none; make one"), ((), "Name the station with --name or --address")],
)
def test_a_certificate_that_cannot_be_made_is_told_in_words(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = CliRunner().invoke(main, ["site-ca", "issue", "--folder", str(tmp_path), *arguments])
    assert (done.exit_code, said in done.output) == (2, True)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "station.key").chmod(0o644)
    with pytest.raises(ConfigFaults, match="can be read by others; run `chmod 600"):
        certificates.read(tmp_path / "station.pem", tmp_path / "station.key")


@pytest.mark.parametrize("spoilt", ["station.pem", "station.key"])
def test_a_certificate_that_cannot_be_used_is_told_before_anything_starts(tmp_path: Path, spoilt: str) -> None:
    made(tmp_path)
    (tmp_path / spoilt).write_text("nothing")
    settings = load(config_in(tmp_path), SETTINGS, DIALECTS)
    with pytest.raises(ConfigFaults, match="cannot be used"):
        Listeners(settings, tmp_path)
    (tmp_path / spoilt).unlink()
    with pytest.raises(ConfigFaults, match="No such file"):
        Listeners(settings, tmp_path)


def test_people_are_warned_thirty_days_before_a_certificate_ends(tmp_path: Path) -> None:
    certificates.make_authority(tmp_path, "Test", NOW)
    certificates.issue(tmp_path, tmp_path, ("localhost",), NOW - timedelta(days=397 - 31))
    listeners, said = Listeners(load(config_in(tmp_path), SETTINGS, DIALECTS), tmp_path), dict[str, str]()
    now_ms = int(NOW.timestamp() * 1000)
    for days, is_said in ((0, False), (2, True)):
        later_ms = now_ms + days * 86_400_000
        listeners.look(lambda ident, text, _: said.update({ident: text}), lambda ident: None, later_ms)
        assert bool(said) is is_said
    assert said["tls.certificate"].startswith("Handhelds trust this station until ")


@pytest.mark.parametrize(
    ("listen", "said"),
    [
        ("0.0.0.0:99999", "must be an address whose port is at most 65535"),
        ("999.1.1.1:1", "must be an address with a port, such as 0.0.0.0:8443"),
        ("any", "must be an address with a port, such as 0.0.0.0:8443"),
    ],
)
def test_where_handhelds_find_a_station_is_an_address_with_a_port(tmp_path: Path, listen: str, said: str) -> None:
    assert load(config_in(tmp_path, listen="[::]:8443"), SETTINGS, DIALECTS).tls is not None
    path = config_in(tmp_path, listen=listen)
    with pytest.raises(ConfigFaults, match=said):
        load(path, SETTINGS, DIALECTS)


def test_nothing_but_loopback_is_served_without_tls(tmp_path: Path) -> None:
    path = config_in(tmp_path)
    path.write_text(path.read_text().replace('listen = "127.0.0.1', 'listen = "0.0.0.0', 1))
    with pytest.raises(ConfigFaults, match=r"station\.listen: must be a loopback address"):
        load(path, SETTINGS, DIALECTS)


def test_a_badge_key_is_hex(tmp_path: Path) -> None:
    assert badge_key("00" * 32) == bytes(32)
    for wrong in ("", "no hex", "00"):
        with pytest.raises(ConfigFaults, match=r"people\.badge_key"):
            badge_key(wrong)


def test_a_start_without_tls_loads_no_cryptography() -> None:
    heavy = "('cryptography', 'argon2', 'qrcode')"
    code = f"import sys, agent.wiring, agent.cli.run; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_handheld_enrols_over_tls_and_is_trusted_by_the_name_of_the_certificate(tmp_path: Path) -> None:
    made(tmp_path, "localhost")
    config = config_in(tmp_path)
    context = ssl.create_default_context(cafile=str(tmp_path / "site-ca.pem"))
    async with running(config):
        png = tmp_path / "code.png"
        shown = await asyncio.to_thread(
            run, "site-ca", "enrol", "--config", str(config), "--png", str(png), "tc-1", "pick-1"
        )
        address = next(line for line in shown.splitlines() if line.startswith("https://"))
        base, _, behind = address.partition("/enrol#")
        told = dict(each.split("=") for each in behind.split("&"))
        assert told["authority"] == certificates.fingerprint(tmp_path / "site-ca.pem").replace(":", "")
        assert png.read_bytes().startswith(b"\x89PNG")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            await handheld(session, base, context, told["code"])


async def handheld(session: aiohttp.ClientSession, base: str, context: ssl.SSLContext, code: str) -> None:
    """What the browser of a handheld does."""
    async with session.get(f"{base}/pick", ssl=context) as page:
        assert page.status == 200
        assert "Set-Cookie" not in page.headers, "a page gives nothing to a browser on the network"
    async with session.get(f"{base}/v1/station/workplaces", ssl=context) as refused:
        assert refused.status == 401
    async with session.post(f"{base}/v1/station/enrol", json={"code": code}, ssl=context) as answer:
        assert answer.status == 201
        cookie = answer.headers["Set-Cookie"]
    assert all(
        word in cookie
        for word in ("__Host-edge_device=device.station-1.", "Path=/", "HttpOnly", "Secure", "SameSite=Strict")
    )
    async with session.get(f"{base}/v1/station/workplaces", ssl=context) as own:
        assert (await own.json())["workplaces"] == [{"workplace": "pick-1", "work": "pick"}]
    async with session.get(f"{base}/v1/station/workplaces/pack-1/view", ssl=context) as other:
        assert (other.status, (await other.json())["error"]["code"]) == (403, "other_workplace")
    async with session.get(f"{base}/pick", headers={"Host": "evil.example"}, ssl=context) as foreign:
        assert foreign.status == 421
    port = base.rpartition(":")[2]
    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        await session.get(f"https://127.0.0.1:{port}/pick", ssl=context)
    with pytest.raises(aiohttp.ClientError):
        await session.get(f"http://localhost:{port}/pick")


def test_a_pin_for_edge_toml_is_printed_as_what_stands_for_it(tmp_path: Path) -> None:
    line = run("people", "pin", "--pin", "246810").strip()
    assert line.startswith('pin_hash = "$argon2id$')
    path = config_in(tmp_path)
    path.write_text(path.read_text().replace('badge = "BADGE-ANA"', f'badge = "BADGE-ANA"\n{line}'))
    kept = load(path, SETTINGS, DIALECTS).workers["ana"].pin_hash
    assert json.dumps(kept) in line


@pytest.mark.parametrize("pin", ["1234", "12a456", "111111", "123456", "987654", "1" * 13])
def test_a_pin_that_is_short_or_guessed_first_is_refused(pin: str) -> None:
    done = CliRunner().invoke(main, ["people", "pin", "--pin", pin])
    assert (done.exit_code, pin in done.output) == (2, False)


def test_a_pin_is_asked_for_twice_and_never_shown() -> None:
    done: Any = CliRunner().invoke(main, ["people", "pin"], input="246810\n246810\n")
    assert (done.exit_code, "246810" in done.output) == (0, False)
