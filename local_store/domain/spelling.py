"""Ids that this station gives to what HQ names too. Pure."""

from __future__ import annotations

from uuid import UUID

_SHIPMENT = "sh_"
_DIGITS = 14
"""Of a command's id: all random, and few enough for a barcode across a receipt."""


def manifest_id(command_id: UUID) -> str:
    """The id of the manifest that a command begins."""
    return f"man_{command_id.hex[-_DIGITS:]}"


def shipment_id(fulfillment_id: str) -> str:
    """The id of the shipment of a fulfillment, until HQ's own is known."""
    return _SHIPMENT + fulfillment_id


def shipment_of(ident: str) -> str:
    """The fulfillment of a shipment that is named as here."""
    return ident.removeprefix(_SHIPMENT)
