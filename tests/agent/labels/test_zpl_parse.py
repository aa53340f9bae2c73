from __future__ import annotations

import pytest

from agent.labels.zpl_parse import Command, NotZpl, parse


def test_commands_are_split_as_a_printer_splits_them() -> None:
    assert parse(b"^XA\n^FO32,20^A0N,22,22^FDCAF_C3^FS\n^XZ\n~JA") == [
        Command("^", "XA", b""),
        Command("^", "FO", b"32,20"),
        Command("^", "A", b"0N,22,22"),
        Command("^", "FD", b"CAF_C3"),
        Command("^", "FS", b""),
        Command("^", "XZ", b""),
        Command("~", "JA", b""),
    ]


def test_the_control_bytes_that_act_as_prefixes_split_too() -> None:
    assert parse(b"^FDlot\x10JA\x1eXZ") == [
        Command("^", "FD", b"lot"),
        Command("~", "JA", b""),
        Command("^", "XZ", b""),
    ]


def test_bytes_before_the_first_command_are_refused() -> None:
    with pytest.raises(NotZpl, match="starts with a command"):
        parse(b"hello^XA^XZ")
