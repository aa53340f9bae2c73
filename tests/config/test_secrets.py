"""Keys come from systemd's credentials or from files that only the agent can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigFaults, read_secret
from config.secrets import MAX_SECRET_BYTES


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secrets" / "hq-main"
    path.parent.mkdir()
    path.write_text("s3cret-key\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_secret_is_read_without_its_line_end(secret: Path, tmp_path: Path) -> None:
    assert read_secret("hq-main", tmp_path) == "s3cret-key"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_secret_others_can_read_or_change_is_refused(secret: Path, tmp_path: Path, mode: int) -> None:
    secret.chmod(mode)
    with pytest.raises(ConfigFaults) as refused:
        read_secret("hq-main", tmp_path)
    assert str(refused.value) == f"secret hq-main: {secret} can be read by others; run `chmod 600 {secret}`."


def test_a_missing_secret_says_where_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaults) as refused:
        read_secret("hq-main", tmp_path)
    path = tmp_path / "secrets" / "hq-main"
    assert str(refused.value) == (
        f"secret hq-main: there is no {path}; write the key into it and run `chmod 600 {path}`."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" \n", "is empty; write the key into it"),
        (b"\xff\xfe", "is not text; write the key into it"),
        (b"k" * (MAX_SECRET_BYTES + 1), "is longer than any key; write only the key into it"),
    ],
)
def test_what_cannot_be_a_key_is_refused_and_not_shown(
    secret: Path, tmp_path: Path, content: bytes, sentence: str
) -> None:
    secret.write_bytes(content)
    with pytest.raises(ConfigFaults, match=sentence) as refused:
        read_secret("hq-main", tmp_path)
    assert "kkkk" not in str(refused.value)


def test_a_credential_of_systemd_comes_first(secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "hq-main").write_text("from-systemd", encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert read_secret("hq-main", tmp_path) == "from-systemd"
    (credentials / "hq-main").unlink()
    assert read_secret("hq-main", tmp_path) == "s3cret-key"
