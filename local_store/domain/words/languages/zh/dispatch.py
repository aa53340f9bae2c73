"""What is said of loading, manifests and notices, in Chinese."""

SENTENCES = {
    "vendor.unit_elsewhere": "{sku}的序列号{serial}据本站记录{where}。请扫描实物上的序列号。",
    # loading
    "load.none": "此处没有进行中的装车。请扫描包裹，或已开始的装车单。",
    "load.opened": "{carrier}，月台{dock}，{day}：已装{loaded}个包裹。请扫描下一个包裹。",
    "load.loaded": "订单{order}已装车。{carrier}已装{loaded}个包裹，还差{missing}个。",
    "load.all_on": "订单{order}已装车。{carrier}的{loaded}个包裹已全部装完。",
    "load.unknown": "本站没有包裹{code}。请扫描包裹标签，或找主管。",
    "load.order_code": "{code}是订单{order}的号码，不是包裹号。请扫描箱上的标签。",
    "load.not_sealed": "订单{order}尚未封箱，不能装车。请送回打包台。",
    "load.voided": "订单{order}的标签{sscc}已作废。请留下包裹，并找主管要有效标签。",
    "load.asks": "订单{order}暂不能发运：{why}请放到一边并找主管。",
    "load.wrong_carrier": "订单{order}应由{wanted}承运，此处装的是{carrier}。请送到{wanted}的月台。",
    "load.no_carrier": "订单{order}未指定承运商。请先打开某承运商的装车单，再扫描一次。",
    "load.already": "订单{order}已装车：装车单{manifest}，{carrier}，月台{dock}。请扫描下一个包裹。",
    "load.left": "订单{order}已于{day}由{carrier}运走（{manifest}）。请查明这是哪个箱子。",
    "load.undone": "已撤销：订单{order}未装车。车上还有{loaded}个包裹。",
    "load.nothing_to_undo": "此装车单上还没有包裹。请先扫描一个包裹。",
    "load.not_on": "{code}不在装车单{manifest}上。请查看装车明细。",
    "load.unloaded": "订单{order}已从装车单移除，余{loaded}个包裹。请将包裹放回。",
    "load.one_by_one": "包裹须逐个装车。请扫描下一个包裹。",
    # manifests
    "manifest.unknown": "此处没有装车单{id}。请查看装车单列表。",
    "manifest.closed_already": "装车单{id}已关闭：{carrier}已于{day}发车。剩余包裹请另开装车单。",
    "manifest.empty": "装车单{id}上没有包裹。请先扫描已装的包裹，再关闭。",
    "manifest.missing": "{carrier}有{missing}个包裹已封箱未装车：{orders}。请装车，或不装而直接关闭。",
    "manifest.closed": "{carrier}已装{loaded}个包裹发车。留下{missing}个。",
    # notices and goods to suppliers
    "notice.exists": "发货通知{ref}已存在。请另取一个编号。",
    "notice.not_loaded": "未随任何装车单从本站发出：{what}。请先装车并关闭装车单，再发通知。",
    "notice.nothing_loaded": "其中没有任何货物随装车单从本站发出。请先装车并关闭装车单，再发通知。",
    "notice.two_manifests": "这些包裹分属多个已发车的装车单。请逐个装车单分别发通知。",
    "notice.made": "发货通知{ref}已建：{orders}个订单在途。",
    "vendor.none": "{sku}的数量为{qty}，没有可发的货。请输入大于零的数量，或删去该行。",
    "vendor.too_few": "{sku}{where}只有{here}件，不足{qty}件。请清点实物，或少发。",
    "vendor.serials": "{qty}件{sku}对应了{serials}个序列号。请每件只扫一次，不要漏扫。",
    "vendor.shipped": "{units}件退往供应商{vendor}。",
    # the end of a day
    "day.left": (
        "尚未全部完成：{unsealed}个包裹未封箱，{not_loaded}个已封箱未装车，{labels}张标签待处理，"
        "{unsent}条记录未报总部，{parked}条被搁置。请查看清单，或就此日结。"
    ),
    "day.closed_already": "{day}已日结。之后的作业计入次日。",
    "day.closed": "{day}已日结：{dispatched}个包裹随{manifests}张装车单发出。",
}
