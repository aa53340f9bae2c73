"""What this API keeps beside the truth: announced goods, returns, work orders, bills of material (3.2, 3.4, 3.5).

Each kind has an id of its client's, under which there is one record however often it is sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hq import central
from hq.calls import Act
from hq.facades.pitney_bowes import searching
from hq.facades.pitney_bowes.door import CREATED, Api, Ask, duplicate, error_item, missing, wrong
from hq.facades.pitney_bowes.products import require_form, require_known
from hq.facades.pitney_bowes.searching import Row, Test, one_of, seconds
from web.problems import Refused

DIALECT = "pitney_bowes"
_SPACE = uuid.UUID("5b3c2a4e-6d0f-5c1e-9a55-0b5a002ad002")


@dataclass(frozen=True)
class Kind:
    """One kind of record: where it is called, its id and that of its client, and what it adds to a body."""

    name: str
    path: str
    id_name: str
    what: str
    natural: Callable[[Row], tuple[str, str]]
    """(the member that is the client's id, its value)."""
    skus: Callable[[Row], list[str]]
    added: Callable[[Row], Row]
    """What the service says of a new one beside what it was told."""
    fields: Mapping[str, Test]


def _asn_key(body: Row) -> tuple[str, str]:
    member = "clientASNId" if body["inboundType"] == "ASN" else "purchaseOrderNumber"
    return member, body[member]


def _asn_lines(body: Row) -> Row:
    lines = [
        {**line, "PBlineId": place, "receivedQuantity": 0} for place, line in enumerate(body["asnLines"], start=1)
    ]
    return {"asnLines": lines, "status": "CREATED"}


def _return_key(body: Row) -> tuple[str, str]:
    member = "returnClientOrderId" if "returnClientOrderId" in body else "rmaNumber"
    return member, body[member]


def _holds_sku(lines: str) -> Test:
    return lambda row, values: any(line["sku"] in values for line in row.get(lines, []))


ASN = Kind(
    name="asn",
    path="/receiving-asn",
    id_name="receivingASNId",
    what="ASN",
    natural=_asn_key,
    skus=lambda body: [line["sku"] for line in body["asnLines"]],
    added=_asn_lines,
    fields={
        "clientASNIds": one_of("clientASNId"),
        "receivingASNIds": one_of("receivingASNId"),
        "purchaseOrderNumbers": one_of("purchaseOrderNumber"),
        "receivingNodes": one_of("receivingNode"),
        **searching.DATE_FIELDS,
    },
)
RETURN = Kind(
    name="return",
    path="/returns",
    id_name="returnOrderId",
    what="Return order",
    natural=_return_key,
    skus=lambda body: [line["sku"] for line in body.get("returnItems", [])],
    added=lambda _body: {"status": "CREATED"},
    fields={
        "returnOrders": one_of("returnOrderId"),
        "orders": one_of("orderId"),
        "sku": _holds_sku("returnItems"),
        "returnType": one_of("returnType"),
        **searching.DATE_FIELDS,
    },
)
BOM = Kind(
    name="bill_of_materials",
    path="/bill-of-materials",
    id_name="billOfMaterialId",
    what="Bill of materials",
    natural=lambda body: ("sku", body["sku"]),
    skus=lambda body: [body["sku"], *(each["sku"] for each in body["components"])],
    added=lambda _body: {},
    fields={"skus": one_of("sku"), **searching.DATE_FIELDS},
)
WORK_ORDER = Kind(
    name="work_order",
    path="/work-orders",
    id_name="workOrderId",
    what="Work order",
    natural=lambda body: ("clientWorkOrderId", body["clientWorkOrderId"]),
    skus=lambda body: [body["sku"]],
    added=lambda _body: {"status": "CREATED"},
    fields={
        "clientWorkOrderIds": one_of("clientWorkOrderId"),
        "workOrderIds": one_of("workOrderId"),
        "nodes": one_of("node"),
        **searching.DATE_FIELDS,
    },
)
KINDS = (ASN, RETURN, BOM, WORK_ORDER)

routes = Api()


def create(act: Act, kind: Kind, body: Row) -> Row:
    """Keep a new one. Raises Refused 400 when its client's id is there."""
    require_known(act, kind.skus(body))
    ident = _id_of(kind, body)
    if central.record(act, DIALECT, kind.name, ident) is not None:
        raise duplicate(*kind.natural(body))
    _keep(act, kind, ident, {**body, **kind.added(body)})
    return _told(act, kind, ident)


def replace(act: Act, kind: Kind, ident: str, body: Row) -> Row:
    """The whole of it anew; its client's id stays."""
    known = _known(act, kind, ident, body["clientId"])
    require_known(act, kind.skus(body))
    if _id_of(kind, body) != ident:
        raise wrong(kind.natural(body)[0], f"{kind.what} {ident} has another; it cannot be changed.")
    if known.get("status", "CREATED") != "CREATED":
        raise wrong(kind.id_name, f"{kind.what} {ident} is {known['status']}; it cannot be changed.")
    _keep(act, kind, ident, {**body, **kind.added(body)})
    return _told(act, kind, ident)


def call_off(act: Act, kind: Kind, ident: str, client: str) -> Row:
    """Nothing of it happens any more; saying it twice changes nothing."""
    known = _known(act, kind, ident, client)
    if known["status"] not in {"CREATED", "CANCELED"}:
        raise wrong(kind.id_name, f"{kind.what} {ident} is {known['status']}; it cannot be cancelled.")
    if known["status"] != "CANCELED":
        _keep(act, kind, ident, {**known, "status": "CANCELED"})
    return _told(act, kind, ident)


def _routes_of(kind: Kind) -> None:
    one = f"{kind.path}/{{id}}"

    @routes.calls("POST", kind.path, CREATED)
    def make(ask: Ask) -> Row:
        """Keep a new one."""
        return create(ask.act, kind, ask.body)

    def search(ask: Ask) -> dict[str, Any]:
        """A page of them, oldest first unless asked otherwise."""
        mine = (row for row in _all(ask.act, kind) if row["clientId"] == ask.body["clientId"])
        return searching.searched(ask, mine, kind.fields, "pbCreateDate-asc")

    for path in (f"{kind.path}/search", f"{kind.path}/search/"):
        routes.calls("POST", path)(search)

    @routes.calls("PUT", one)
    def put(ask: Ask) -> Row:
        """The whole of it anew."""
        return replace(ask.act, kind, ask.path["id"], ask.body)

    @routes.calls("GET", one)
    def get(ask: Ask) -> Row:
        """One of them. Returns are asked for without their client (3.1)."""
        return _known(ask.act, kind, ask.path["id"], ask.query.get("clientId"))


def _status_route_of(kind: Kind) -> None:
    @routes.calls("POST", f"{kind.path}/status/search")
    def search_status(ask: Ask) -> dict[str, Any]:
        """Ids and states."""
        mine = (row for row in _all(ask.act, kind) if row["clientId"] == ask.body["clientId"])
        found = searching.searched(ask, mine, kind.fields, "pbCreateDate-asc")
        names = (kind.id_name, *(name for name in ("clientASNId", "clientWorkOrderId")), "status", "pbUpdateDate")
        found["content"] = [{name: row[name] for name in names if name in row} for row in found["content"]]
        return found


for _kind in KINDS:
    _routes_of(_kind)
for _kind in (ASN, WORK_ORDER):
    _status_route_of(_kind)


@routes.calls("PUT", "/receiving-asn/{id}/cancel")
def cancel_asn(ask: Ask) -> Row:
    """Call an announcement off; the client is named in the query."""
    return call_off(ask.act, ASN, ask.path["id"], ask.query["clientId"])


@routes.calls("PUT", "/work-orders/{id}/cancel")
def cancel_work_order(ask: Ask) -> Row:
    """Call a work order off; the client is named in the body."""
    known = _known(ask.act, WORK_ORDER, ask.path["id"], ask.body["clientId"])
    if known["clientWorkOrderId"] != ask.body["clientWorkOrderId"]:
        raise wrong("clientWorkOrderId", f"work order {ask.path['id']} has another.")
    return call_off(ask.act, WORK_ORDER, ask.path["id"], ask.body["clientId"])


@routes.calls("POST", "/returns/bulk")
def bulk_returns(ask: Ask) -> dict[str, Any]:
    """Announce or change returns, each on its own; without `operation` whichever fits (3.5)."""
    return {"results": [_one_return(ask.act, each) for each in ask.body["returns"]]}


def _one_return(act: Act, body: Row) -> Row:
    told: Row = {name: body[name] for name in ("clientId", "returnClientOrderId", "rmaNumber") if name in body}
    given = {name: value for name, value in body.items() if name != "operation"}
    try:
        require_form("ReturnIn", body)
        ident = _id_of(RETURN, given)
        known = central.record(act, DIALECT, RETURN.name, ident)
        operation = body.get("operation") or ("CREATE" if known is None else "UPDATE")
        if operation == "CREATE":
            create(act, RETURN, given)
        else:
            replace(act, RETURN, ident, given)
    except Refused as refused:
        return {**told, "status": "ERROR", "errors": [error_item(refused)]}
    return {**told, "returnOrderId": ident, "status": "SUCCESS"}


def _id_of(kind: Kind, body: Row) -> str:
    """The same for the same client's id, so that a restart gives the same."""
    return str(uuid.uuid5(_SPACE, "\n".join((kind.name, body["clientId"], *kind.natural(body)))))


def _keep(act: Act, kind: Kind, ident: str, body: Row) -> None:
    """Ids, which a client makes up anew in every run, and the service's dates stand apart from what was said."""
    member, value = kind.natural(body)
    own = {member, kind.id_name, "pbCreateDate", "pbUpdateDate"}
    said = {name: each for name, each in body.items() if name not in own}
    central.keep_record(act, DIALECT, kind.name, ident, {**said, "ids": {member: value, kind.id_name: ident}})


def _known(act: Act, kind: Kind, ident: str, client: str | None) -> Row:
    found = central.record(act, DIALECT, kind.name, ident)
    if found is None or client not in {None, found.body["clientId"]}:
        raise missing(kind.what, ident)
    return _shown(found)


def _all(act: Act, kind: Kind) -> list[Row]:
    return [_shown(found) for found in central.records(act, DIALECT, kind.name)]


def _told(act: Act, kind: Kind, ident: str) -> Row:
    return _known(act, kind, ident, None)


def _shown(found: central.Record) -> Row:
    dates = {"pbCreateDate": seconds(found.created_at), "pbUpdateDate": seconds(found.updated_at)}
    return {**{name: value for name, value in found.body.items() if name != "ids"}, **found.body["ids"], **dates}
