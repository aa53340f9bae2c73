from __future__ import annotations
import asyncio, time
from decimal import Decimal
from pathlib import Path
import uuid_utils.compat as uu
from local_store.clock import SystemClock
from local_store.domain import commands as c, events as e
from local_store.domain.site import *
from local_store.store import Store
from local_store import journal, projections

def site():
    return Site("st-1","wh_1",{"pick":"pick","pack":"pack"},{"ana":Worker("ana","Ana","BADGE-ANA",frozenset({"picker","packer"}))},
      (Lane("main",frozenset(k for k,v in e.KINDS.items() if v.for_hq)),), sscc=SsccNumbers("0614141",3,1,9999))

async def test_whole_way(tmp_path: Path):
    s=Store(tmp_path/"d",site(),SystemClock(),"0"); await s.open()
    async def do(cls,**k):
        r=await s.execute(cls(command_id=uu.uuid7(),**k)); print(r.answer.code, r.answer.text); return r
    await do(c.ReceiveProducts,products=(e.ProductReceived(sku="S1",name="Chai",nominal_weight_mg=1000,location_id="A-1",barcodes=(e.Barcode(barcode="2900000000018"),)),))
    await do(c.ReceiveWork,fulfillments=(e.FulfillmentReceived(lane="main",fulfillment_id="F1",order_id="O1",warehouse_id="w",party_id="p",lines=(e.WorkLine(order_line_id="L1",sku="S1",qty=3),)),),parties=(),picklist=e.PicklistReceived(lane="main",picklist_id="PL1",priority="normal",ship_by=None,tasks=(e.TaskPlan(task_id="T1",fulfillment_id="F1",order_line_id="L1",location_id="A-1",sku="S1",qty=3),)))
    for code in ["BADGE-ANA","PL1","2900000000018","A-1","2900000000018"]:
        await do(c.Scan,workplace="pick",code=code)
    await do(c.KeyQuantity,workplace="pick",quantity=3)
    await do(c.Undo,workplace="pick")
    await do(c.KeyQuantity,workplace="pick",quantity=3)
    await do(c.Complete,workplace="pick")
    for code in ["BADGE-ANA","O1","2900000000018"]:
        await do(c.Scan,workplace="pack",code=code)
    await do(c.KeyQuantity,workplace="pack",quantity=3)
    await do(c.Weigh,workplace="pack",scale="s",weight_mg=3000,stability="stable",range="ok",newer_than_request=True)
    await do(c.Seal,workplace="pack")
    db=s.reader
    print(journal.verify(db))
    before=list(projections.dump(db))
    def rebuild(tx):
        projections.clear(tx.connection)
        for r in journal.read(tx.connection): projections.apply(tx.connection,r.seq,r.fact)
    await s.run(rebuild)
    assert before==list(projections.dump(db))
    print([tuple(r) for r in db.execute("select seq,entity,follows,state from outbox")])
    await s.close()
