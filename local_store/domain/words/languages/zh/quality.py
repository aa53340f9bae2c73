"""What is said of inspections, and of goods that are held, in Chinese."""

SENTENCES = {
    "qc.unknown": "此处没有订单、退货单或收货单{id}。请在列表中查找编号。",
    "qc.already": "{id}已在质检中。",
    "qc.started": "{id}的质检：请检验{units}件，共{all}件。",
    "qc.none": "此处没有质检单{id}。请先开始质检。",
    "qc.over": "{id}的质检已结案。如有新发现，请另开质检。",
    "qc.no_photo": "本站没有照片{sha256}…。请先上传，再登记。",
    "qc.recorded": "已登记：已检{seen}件，应检{wanted}件。",
    "qc.too_few": "{id}应检{wanted}件，只检了{seen}件。请检完其余的，再结案。",
    "qc.resolved": "已登记：{id}的处理方式：{disposition}。",
    "hold.what": "请指明冻结对象：商品、商品的批次或序列号，或库位。",
    "hold.held": "已冻结：{goods}。解冻前不能拣货或打包。",
    "hold.none": "此处没有冻结单{id}。请再查看列表。",
    "hold.released": "已解冻：{goods}。",
    "hold.taken": "{item}不能拣取：{goods}已冻结（{reason}）。请留在原处，并询问质检。",
}
