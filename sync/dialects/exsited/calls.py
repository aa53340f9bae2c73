"""The calls of Exsited by name, for `edge-agent sync call` (hq_contracts 4.2)."""

from __future__ import annotations

from collections.abc import Mapping

from sync.dialect import NamedCall
from sync.dialects.exsited.capabilities import Profile


def calls(profile: Profile) -> Mapping[str, NamedCall]:
    """Every call a station may make; which paths they have is partly assumed. Long, because it is their list."""
    v3, returns = profile.base_path, profile.return_path
    rma = "return-merchandise-authorisations"
    of_rma = f"{returns}/invoices/{{id}}/{rma}/{{rma}}"
    patch = f"{v3}/item-fulfillments/{{id}}{profile.patch_suffix}"

    def read(path: str, summary: str) -> NamedCall:
        return NamedCall("GET", path, summary)

    def write(method: str, path: str, summary: str) -> NamedCall:
        return NamedCall(method, path, summary, has_body=True)

    return {
        "fulfillments": read(f"{v3}/item-fulfillments", "What was fulfilled and is left, of all invoices"),
        "fulfillment": read(f"{v3}/item-fulfillments/{{id}}", "One item fulfillment"),
        "invoice-fulfillments": read(f"{v3}/invoices/{{id}}/item-fulfillments", "What was fulfilled of an invoice"),
        "invoice-fulfillment": read(
            f"{v3}/invoices/{{id}}/item-fulfillments/{{fulfillment}}", "One item fulfillment of an invoice"
        ),
        "create-fulfillment": write("POST", f"{v3}/invoices/{{id}}/item-fulfillments", "Record what was fulfilled"),
        "patch-fulfillment": write("PATCH", patch, "A late tracking number, a date, a note; never the status"),
        "receipts": read(f"{v3}/item-receipts", "What came in"),
        "receipt": read(f"{v3}/item-receipts/{{id}}", "One receipt"),
        "order-receipts": read(f"{v3}/purchase-orders/{{id}}/item-receipts", "What came in of a purchase order"),
        "create-receipt": write(
            "POST", f"{profile.receipt_path}/purchase-orders/{{id}}/item-receipts", "Record what came in"
        ),
        "patch-receipt": write("PATCH", f"{v3}/item-receipts/{{id}}", "Change a receipt; no line can be added"),
        "purchase-orders": read(f"{v3}/purchase-orders", "What is expected from suppliers"),
        "purchase-order": read(f"{v3}/purchase-orders/{{id}}", "One purchase order"),
        "purchase-order-lines": read(f"{v3}/purchase-orders/{{id}}/lines", "Its lines"),
        "orders": read(f"{v3}/orders", "Orders"),
        "order": read(f"{v3}/orders/{{id}}", "One order"),
        "order-lines": read(f"{v3}/orders/{{id}}/lines", "Its lines"),
        "invoices": read(f"{v3}/invoices", "Invoices"),
        "invoice": read(f"{v3}/invoices/{{id}}", "One invoice with its lines"),
        "items": read(f"{v3}/items", "Items with codes, units of measure and stock"),
        "item": read(f"{v3}/items/{{id}}", "One item"),
        "warehouses": read(profile.warehouses_path, "The names of the warehouses"),
        "inventory-adjustments": read("/api/v2/inventory-adjustments", "Corrections of the stock"),
        "returns": read(f"{v3}/{rma}", "Returns that were agreed upon"),
        "invoice-returns": read(f"{returns}/invoices/{{id}}/{rma}", "The returns of an invoice"),
        "return": read(of_rma, "One return"),
        "create-return": write("POST", f"{v3}/invoices/{{id}}/{rma}", "Agree upon a return"),
        "return-receipts": read(f"{of_rma}/receive", "What came back of a return"),
        "receive-return": write("POST", f"{of_rma}/receive", "Record what came back"),
    }
