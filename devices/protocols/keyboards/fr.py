"""France (AZERTY): digits need Shift; circumflex, diaeresis, tilde and grave are dead keys."""

from __future__ import annotations

from devices.protocols.keyboards.layout import Layout, rows

FR = Layout(
    rows(
        digits=("&é\"'(-è_çà)=", "1234567890°+", " \u0303#{[|\u0300\\^@]}"),
        top=("azertyuiop\u0302$", "AZERTYUIOP\u0308£", "  €        ¤"),
        home=("qsdfghjklmù²", "QSDFGHJKLM% "),
        bottom=("*wxcvbn,;:!", "µWXCVBN?./§"),
        extra=("<", ">"),
    )
)
