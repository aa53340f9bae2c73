"""Names and addresses: apart from the facts, so that they can be erased; checked whenever they leave the machine."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from local_store.checks import check_crc, crc, read_one
from local_store.domain.commands import Party


def keep(connection: sqlite3.Connection, party: Party) -> None:
    """Keep a party unless it is known."""
    row = (party.party_id, *texts(party))
    connection.execute("INSERT OR IGNORE INTO party VALUES (?,?,?,?)", (*row, crc(*row)))


def replace(connection: sqlite3.Connection, party: Party) -> None:
    """HQ has another address for a party that is known."""
    row = (party.party_id, *texts(party))
    connection.execute("INSERT OR REPLACE INTO party VALUES (?,?,?,?)", (*row, crc(*row)))


def texts(party: Party) -> tuple[str, str]:
    """Name and address as they are kept."""
    return party.name, json.dumps(party.address, ensure_ascii=False)


def texts_of(connection: sqlite3.Connection, party_id: str) -> tuple[str, str] | None:
    """Name and address as they are kept, only to be compared; None when unknown or erased."""
    row = connection.execute("SELECT name, address FROM party WHERE party_id = ?", (party_id,)).fetchone()
    return (row[0], row[1]) if row else None


def address_of(connection: sqlite3.Connection, party_id: str) -> dict[str, Any] | None:
    """Name and address in one; None when unknown or erased. Raises RowDamaged when it is not what was written."""
    what = f"the address {party_id}"
    row = read_one(connection, what, "SELECT name, address, crc FROM party WHERE party_id = ?", party_id)
    if row is None:
        return None
    name, address, checksum = row
    check_crc(checksum, what, party_id, name, address)
    return {"name": name, **json.loads(address)}
