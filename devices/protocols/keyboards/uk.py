"""United Kingdom: @ and double quote change places, # and ~ stand beside Enter, backslash left of Z."""

from __future__ import annotations

from devices.protocols.keyboards.layout import Layout, rows

UK = Layout(
    rows(
        digits=("1234567890-=", '!"£$%^&*()_+', "   €        "),
        top=("qwertyuiop[]", "QWERTYUIOP{}", "  é   úíó   "),
        home=("asdfghjkl;'`", "ASDFGHJKL:@¬", "á          ¦"),
        bottom=("#zxcvbnm,./", "~ZXCVBNM<>?"),
        extra=("\\", "|"),
    )
)
