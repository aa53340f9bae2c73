"""Germany and Austria (T1): Y and Z change places; circumflex, acute and grave are dead keys."""

from __future__ import annotations

from devices.protocols.keyboards.layout import Layout, rows

DE = Layout(
    rows(
        digits=("1234567890ß\u0301", '!"§$%&/()=?\u0300', " ²³   {[]}\\ "),
        top=("qwertzuiopü+", "QWERTZUIOPÜ*", "@ €        ~"),
        home=("asdfghjklöä\u0302", "ASDFGHJKLÖÄ°"),
        bottom=("#yxcvbnm,.-", "'YXCVBNM;:_", "       µ   "),
        extra=("<", ">", "|"),
    ),
    keypad_dot=",",
)
