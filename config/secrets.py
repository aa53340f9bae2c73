"""Where secrets come from: systemd credentials, else files of mode 0600 beside edge.toml."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from config.loading import ConfigFaults

MAX_SECRET_BYTES = 8192


def read_secret(name: str, beside: Path) -> str:
    """The secret called `name`: `$CREDENTIALS_DIRECTORY/name`, else `secrets/name` in the folder `beside`.

    Raises ConfigFaults when it is missing, empty, or readable by others.
    """
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    if credentials and (Path(credentials) / name).is_file():
        return _content(Path(credentials) / name)
    path = beside / "secrets" / name
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise ConfigFaults(
            [f"secret {name}: there is no {path}; write the key into it and run `chmod 600 {path}`."]
        ) from None
    except PermissionError:
        raise ConfigFaults(
            [f"secret {name}: {path} may not be read by this user; see LoadCredential in docs/operations.md."]
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigFaults([f"secret {name}: {path} can be read by others; run `chmod 600 {path}`."])
    return _content(path)


def _content(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MAX_SECRET_BYTES + 1)
    try:
        text = content.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise ConfigFaults([f"secret {path.name}: {path} is not text; write the key into it."]) from None
    if not text:
        raise ConfigFaults([f"secret {path.name}: {path} is empty; write the key into it."])
    if len(content) > MAX_SECRET_BYTES:
        raise ConfigFaults([f"secret {path.name}: {path} is longer than any key; write only the key into it."])
    return text
