"""United States, the default of nearly every scanner (device_protocols 4.2)."""

from __future__ import annotations

from devices.protocols.keyboards.layout import Layout, rows

US = Layout(
    rows(
        digits=("1234567890-=", "!@#$%^&*()_+"),
        top=("qwertyuiop[]", "QWERTYUIOP{}"),
        home=("asdfghjkl;'`", 'ASDFGHJKL:"~'),
        bottom=("\\zxcvbnm,./", "|ZXCVBNM<>?"),
        extra=("\\", "|"),
    )
)
