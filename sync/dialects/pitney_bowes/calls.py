"""Every operation of seed 002 (hq_contracts 3.2) by a name, for calls that a person makes by hand."""

from __future__ import annotations

from collections.abc import Mapping

from sync.dialect import NamedCall
from sync.dialects.pitney_bowes.capabilities import Profile

_CLIENT = "?clientId={clientId}"

_CALLS: tuple[tuple[str, str, str, str], ...] = (
    ("create-product", "POST", "/v1/products", "Create a product"),
    ("update-product", "PUT", "/v1/products/{sku}", "Replace a product, the whole object"),
    ("bulk-products", "POST", "/v1/products/bulk", "Create or update up to 200 products, each on its own"),
    ("get-product", "GET", "/v1/products/{sku}" + _CLIENT, "Read a product"),
    ("search-products", "POST", "/v1/products/search", "Search products"),
    ("create-asn", "POST", "/v1/receiving-asn", "Announce goods to a centre"),
    ("update-asn", "PUT", "/v1/receiving-asn/{receivingASNId}", "Replace an announcement, the whole object"),
    ("get-asn", "GET", "/v1/receiving-asn/{receivingASNId}" + _CLIENT, "Read an announcement"),
    ("search-asns", "POST", "/v1/receiving-asn/search", "Search announcements"),
    ("search-asn-status", "POST", "/v1/receiving-asn/status/search", "Search the states of announcements"),
    ("cancel-asn", "PUT", "/v1/receiving-asn/{receivingASNId}/cancel" + _CLIENT, "Call an announcement off"),
    ("inventory-snapshot", "POST", "/v1/inventory/snapshot", "Stock at the centres"),
    ("create-order", "POST", "/v1/orders", "Place an order"),
    ("update-order", "PUT", "/v1/orders/{orderId}", "Replace an order, the whole object"),
    ("bulk-orders", "POST", "/v1/orders/bulk", "Place up to 200 orders, each on its own"),
    ("update-order-items", "PUT", "/v1/orders/{orderId}/{order_items_path}", "Replace the items of an order"),
    ("get-order", "GET", "/v1/orders/{orderId}" + _CLIENT, "Read an order"),
    ("get-order-status", "GET", "/v1/orders/{orderId}/status" + _CLIENT, "Read the state of an order"),
    ("search-orders", "POST", "/v1/orders/search", "Search orders"),
    ("search-order-status", "POST", "/v1/orders/status/search", "Search the states of orders"),
    ("cancel-order", "PUT", "/v1/orders/{orderId}/cancel" + _CLIENT, "Call an order off"),
    ("cancel-orders", "PUT", "/v1/orders/bulk/cancel", "Call orders off, each on its own"),
    ("search-shipments", "POST", "/v1/shipments/search", "Search what was shipped, with its tracking numbers"),
    ("create-bill", "POST", "/v1/bill-of-materials", "Say what a kit is made of"),
    ("update-bill", "PUT", "/v1/bill-of-materials/{bill-of-material-id}", "Replace a bill of materials"),
    ("get-bill", "GET", "/v1/bill-of-materials/{bill-of-material-id}" + _CLIENT, "Read a bill of materials"),
    ("search-bills", "POST", "/v1/bill-of-materials/search/", "Search bills of material"),
    ("create-work-order", "POST", "/v1/work-orders", "Have kits built"),
    ("update-work-order", "PUT", "/v1/work-orders/{work-order-id}", "Replace a work order, the whole object"),
    ("get-work-order", "GET", "/v1/work-orders/{work-order-id}" + _CLIENT, "Read a work order"),
    ("search-work-orders", "POST", "/v1/work-orders/search", "Search work orders"),
    ("search-work-order-status", "POST", "/v1/work-orders/status/search", "Search the states of work orders"),
    ("cancel-work-order", "PUT", "/v1/work-orders/{work-order-id}/cancel", "Call a work order off"),
    ("create-return", "POST", "/v1/returns", "Announce a return"),
    ("update-return", "PUT", "/v1/returns/{return-order-id}", "Replace a return, the whole object"),
    ("bulk-returns", "POST", "/v1/returns/bulk", "Announce or change returns, each on its own"),
    ("get-return", "GET", "/v1/returns/{return-order-id}", "Read a return"),
    ("search-returns", "POST", "/v1/returns/search", "Search returns"),
)


def calls(profile: Profile) -> Mapping[str, NamedCall]:
    """The calls; a GET and a cancellation that names its client in the query have no body."""
    return {
        name: NamedCall(
            method,
            path.replace("{order_items_path}", profile.order_items_path),
            summary,
            has_body=method != "GET" and not path.endswith(_CLIENT),
        )
        for name, method, path, summary in _CALLS
    }
