from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def edge_agent(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "agent", *arguments], capture_output=True, text=True, check=False)


def test_check_config_says_everything_that_is_wrong_at_once(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(
        '[station]\nid = "S 1"\nwarehouse_id = "w"\ndata_dir = "d"\nlistn = "x"\n'
        '[workplaces.pick]\nwork = "pik"\ndevices = ["scaner"]\n'
        '[devices.scanner]\ndriver = "serial_scanner"\nport = "/dev/x"\nbaudrate = 9601\n'
    )
    told = edge_agent("check-config", "--config", str(path))
    assert told.returncode == 2
    assert "edge.toml: devices.scanner.baudrate: must be" in told.stderr
    assert "(got 9601)" in told.stderr
    assert "edge.toml: station.listn: unknown setting; did you mean `listen`?" in told.stderr
    assert "edge.toml: workplaces.pick.work: must be 'pick', 'pack', 'receive'," in told.stderr
    assert '(got "pik")' in told.stderr


def test_check_config_says_that_all_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text('[station]\nid = "s-1"\nwarehouse_id = "w"\ndata_dir = "d"\n[workplaces.pick]\nwork = "pick"\n')
    told = edge_agent("check-config", "--config", str(path))
    assert told.stdout == "edge.toml is fine: station s-1, 1 workplaces, 0 devices, 0 HQs, 0 workers.\n"


def test_a_secret_that_others_may_read_is_named_and_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(
        '[station]\nid = "s-1"\nwarehouse_id = "w"\ndata_dir = "d"\n[workplaces.pick]\nwork = "pick"\n'
        '[hq.main]\ndialect = "ofs"\nurl = "http://127.0.0.1:1"\ntenant = "t"\nsecret = "hq-main"\n'
    )
    (tmp_path / "secrets").mkdir()
    secret = tmp_path / "secrets" / "hq-main"
    secret.write_text("very secret")
    secret.chmod(0o644)
    told = edge_agent("check-config", "--config", str(path))
    assert told.returncode == 2
    assert f"{secret} can be read by others" in told.stderr
    assert "very secret" not in told.stderr


def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    told = edge_agent("check-config", "--config", str(tmp_path / "none.toml"))
    assert told.returncode == 2
    assert "there is no such file; `edge-agent install` writes one" in told.stderr
