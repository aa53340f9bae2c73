"""What is sent for each fact of dispatch, and HQ's plain answer to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from local_store.domain import events as e

SENT = {("shipment", "F1"): "sh_7", ("manifest", "M/1"): "man/7"}
"""HQ's ids of what was sent before."""

REQUESTS: dict[str, tuple[e.Fact, str, Any]] = {
    "parcel.loaded": (
        e.ParcelLoaded(manifest_id="M/1", package_id="F1-P1", fulfillment_id="F1", sscc="306141410000000012"),
        "/shipments/sh_7/generate-label",
        {"label_format": "zpl"},
    ),
    "manifest.closed": (
        e.ManifestClosed(
            manifest_id="M/1",
            carrier="DHL",
            dock="dock-1",
            warehouse_id="wh_1",
            dispatch_date="2026-11-22",
            parcels=tuple(
                e.LoadedParcel(package_id=f"F1-P{number}", fulfillment_id="F1", sscc=f"30614141000000001{number}")
                for number in (1, 2)
            ),
        ),
        "/manifests",
        {"carrier_id": "DHL", "dispatch_date": "2026-11-22", "shipments": ["sh_7"], "warehouse_id": "wh_1"},
    ),
    "manifest.dispatched": (e.ManifestDispatched(manifest_id="M/1"), "/manifests/man%2F7/submit", {}),
    "notice.made": (
        e.NoticeMade(
            asn_reference="ASN-1",
            manifest_id="M/1",
            fulfillment_ids=("F1",),
            expected_arrival="2026-11-23T08:00:00Z",
            destination_warehouse_id="wh_2",
        ),
        "/asn",
        {
            "asn_reference": "ASN-1",
            "destination_warehouse_id": "wh_2",
            "expected_arrival": "2026-11-23T08:00:00Z",
            "shipments": ["sh_7"],
        },
    ),
    "vendor.shipped": (
        e.VendorShipped(
            vendor_shipment_id="vsh-1",
            vendor="Acme",
            warehouse_id="wh_1",
            rma_reference="RMA-1",
            lines=(
                e.VendorLine(sku="SKU-1", qty=Decimal(2)),
                e.VendorLine(sku="SKU-3", qty=Decimal("0.5"), location_id="A-1"),
            ),
        ),
        "/vendor-shipments",
        {
            "lines": [{"qty": 2, "sku": "SKU-1"}, {"location_id": "A-1", "qty": "0.5", "sku": "SKU-3"}],
            "rma_reference": "RMA-1",
            "vendor": "Acme",
            "warehouse_id": "wh_1",
        },
    ),
}

ANSWERS: dict[str, Any] = {
    "parcel.loaded": {"label_url": "https://hq/label", "carrier_tracking_number": "JD1"},
    "manifest.closed": {"manifest_id": "man/7", "status": "draft"},
    "manifest.dispatched": {"id": "man/7", "status": "submitted"},
    "notice.made": {"asn_id": "asn_1", "asn_reference": "ASN-1"},
    "vendor.shipped": {"id": "vsh_1", "vendor": "Acme"},
}
