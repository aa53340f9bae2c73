"""A keyed quantity is what is in hand in all: the same rule at the shelf and at the box."""

from __future__ import annotations

from decimal import Decimal

from local_store.domain.events import decimal_text
from local_store.domain.words import Answer, say


def new_pieces(keyed: Decimal, counted: Decimal, wanted: Decimal, item: str) -> Decimal | Answer:
    """How many of the keyed quantity are not counted yet, or the answer when there is nothing to count.

    Keying the same total twice changes nothing, so a repeat after an answer that got lost is harmless.
    """
    if counted == 0:
        return say("quantity.scan_first", item=item)
    if keyed <= 0 or (keyed % 1 != 0 and wanted % 1 == 0):
        return say("quantity.bad", keyed=decimal_text(keyed))
    if keyed < counted:
        return say("quantity.fewer", counted=decimal_text(counted), keyed=decimal_text(keyed))
    if keyed == counted:
        return say("quantity.same", item=item, counted=decimal_text(counted), wanted=decimal_text(wanted))
    return keyed - counted
