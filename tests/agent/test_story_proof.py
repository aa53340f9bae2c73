"""The signed story of a parcel: any change to any part of it is found, and where."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from agent import story_proof
from agent.__main__ import main
from agent.story_proof import NoProof
from local_store.database import FILE_NAME
from tests.support.floor import Bench, line, product


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Order O-1 is packed while order O-2 is opened at another place."""
    made = Bench(tmp_path_factory.mktemp("proof") / "data", at="pack-1")
    made.given_products(product("TEA", name="Tea"))
    made.given_order("O-1", line("TEA", 2))
    made.given_order("O-2", line("TEA", 1))
    made.signed_in().scan("O-1", "TEA")
    made.at("pack-2").signed_in().scan("O-2", "TEA")
    made.at("pack-1").scan("TEA")
    made.weigh(200)
    made.seal()
    yield made
    made.close()


@pytest.fixture(scope="module")
def package(bench: Bench) -> str:
    ((found,),) = bench.query("SELECT package_id FROM package WHERE sscc IS NOT NULL")
    return str(found)


@pytest.fixture(scope="module")
def text(bench: Bench, package: str) -> str:
    return story_proof.make(bench.store.reader, package, "station-1", bench.folder, 1_800_000_000_000)


def changed(value: Any) -> Any:
    """Something else of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "somebody"
    text = str(value)
    last = text[-1:]
    return text[:-1] + ("0" if last != "0" else "1")


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every single value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield at
        return
    for key, each in inner:
        yield from leaves(each, (*at, key))


def with_change(proof: Any, way: tuple[Any, ...]) -> str:
    made = copy.deepcopy(proof)
    inner = made
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = changed(inner[way[-1]])
    return json.dumps(made)


def faults(text: str, key: str | None = None) -> list[str]:
    try:
        return list(story_proof.verify(text, key).faults)
    except NoProof as fault:
        return [str(fault)]


def test_an_untouched_proof_holds_and_names_its_signer(text: str, bench: Bench) -> None:
    key = story_proof.public_key(bench.folder)
    verdict = story_proof.verify(text, key)
    assert (verdict.faults, verdict.key) == ((), key)
    kinds = [row["kind"] for row in json.loads(text)["rows"]]
    assert kinds[:3] == ["work.fulfillment_received", "pack.opened", "pack.counted"]
    assert kinds[-1] == "label.requested"


def test_every_single_value_of_it_is_guarded_and_a_row_that_was_edited_is_named(text: str) -> None:
    proof = json.loads(text)
    ways = list(leaves(proof))
    assert len(ways) > 150
    for way in ways:
        said = faults(with_change(proof, way))
        assert said, f"nobody noticed a change of {way}"
        if way[0] == "rows" and way[2] != "seq":
            named = f"Row {proof['rows'][way[1]]['seq']} "
            assert any(each.startswith(named) for each in said), f"nobody said where {way} is"


def test_every_row_that_is_removed_is_named(text: str) -> None:
    proof = json.loads(text)
    for place, row in enumerate(proof["rows"]):
        made = copy.deepcopy(proof)
        del made["rows"][place]
        assert faults(json.dumps(made)) == [f"Row {row['seq']} was removed."]


def test_a_row_that_is_removed_from_list_and_statement_breaks_the_signature_and_leaves_a_hole(text: str) -> None:
    proof = json.loads(text)
    seq = proof["rows"].pop(2)["seq"]
    proof["statement"]["rows"] = [told for told in proof["statement"]["rows"] if told["seq"] != seq]
    said = faults(json.dumps(proof))
    assert any("link over rows" in each for each in said)
    assert any("its signature was changed" in each for each in said)


def test_a_row_of_other_work_that_is_put_in_is_named(text: str) -> None:
    proof = json.loads(text)
    extra = {**proof["rows"][0], "seq": 9999}
    proof["rows"].append(extra)
    assert any("Row 9999 (work.fulfillment_received) was added" in each for each in faults(json.dumps(proof)))
    proof["rows"][-1] = proof["rows"][0]
    assert "A row stands in the proof twice." in faults(json.dumps(proof))


def test_a_proof_made_anew_with_another_key_is_known_by_the_stations_key(
    text: str, bench: Bench, package: str, tmp_path: Path
) -> None:
    forged = story_proof.make(bench.store.reader, package, "station-1", tmp_path, 1)
    assert faults(forged) == []
    (said,) = faults(forged, story_proof.public_key(bench.folder))
    assert said.startswith("It was signed by another key")
    assert faults(text, story_proof.public_key(bench.folder).upper()) == []


def test_it_tells_nothing_of_other_orders(text: str) -> None:
    assert "O-2" not in text
    assert json.loads(text)["statement"]["links"]


def test_the_key_is_only_its_users_and_is_made_once(bench: Bench, tmp_path: Path) -> None:
    path = bench.folder / story_proof.KEY_FILE
    story_proof.public_key(bench.folder)
    assert path.stat().st_mode & 0o777 == 0o600
    assert story_proof.public_key(bench.folder) == story_proof.public_key(bench.folder)
    (tmp_path / story_proof.KEY_FILE).write_text("ab" * 32)
    (tmp_path / story_proof.KEY_FILE).chmod(0o644)
    with pytest.raises(NoProof, match="others can read this key"):
        story_proof.public_key(tmp_path)
    (tmp_path / story_proof.KEY_FILE).chmod(0o600)
    (tmp_path / story_proof.KEY_FILE).write_text("no key")
    with pytest.raises(NoProof, match="this is no key"):
        story_proof.public_key(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"statement": 1}', "\x00"])
def test_what_is_no_proof_is_called_so(text: str) -> None:
    with pytest.raises(NoProof, match="was changed, or this is no proof"):
        story_proof.verify(text)


def test_a_parcel_nobody_knows_has_no_proof(bench: Bench) -> None:
    with pytest.raises(NoProof, match="There is no package 'x' on this station"):
        story_proof.make(bench.store.reader, "x", "station-1", bench.folder, 1)


def test_the_command_line_makes_and_checks_a_proof(bench: Bench, tmp_path: Path) -> None:
    config = tmp_path / "edge.toml"
    config.write_text(
        f'[station]\nid = "station-1"\nwarehouse_id = "WH-1"\ndata_dir = "{bench.folder}"\n'
        '[workplaces.pack-1]\nwork = "pack"\n'
    )
    assert (bench.folder / FILE_NAME).exists()
    run = CliRunner()
    made = run.invoke(main, ["proof", "--config", str(config), "O-1"])
    assert made.exit_code == 0, made.output
    file = tmp_path / "proof.json"
    file.write_text(made.stdout)
    key = run.invoke(main, ["proof", "--config", str(config), "--public-key"]).stdout.strip()
    held = run.invoke(main, ["verify", str(file), "--key", key])
    assert (held.exit_code, held.stdout.startswith("The proof holds: ")) == (0, True)
    assert "ask the site for its key" in run.invoke(main, ["verify", str(file)]).stdout
    file.write_text(made.stdout.replace("200000", "900000"))
    broken = run.invoke(main, ["verify", str(file)])
    assert broken.exit_code == 2
    assert "(package.weighed) was changed: its hash does not fit what it says." in broken.output
    assert run.invoke(main, ["proof", "--config", str(config), "nobody"]).exit_code == 2
