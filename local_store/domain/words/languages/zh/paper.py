"""What is said of labels and files, in Chinese."""

SENTENCES = {
    # labels
    "label.confirmed": "标签{sscc}已贴在订单{order}上。",
    "label.known": "这是订单{order}的标签。",
    "label.checked": "标签{sscc}已贴在订单{order}上。",
    "label.still_waits": "订单{order}的标签{sscc}等待打印。",
    "label.swapped": (
        "这是订单{order}的标签，而此箱是订单{wanted}。请撕下并贴上标签{wanted_sscc}，再找到订单{order}的箱子。"
    ),
    "label.other_came_out": "这是订单{order}的标签，已经打出。此箱是订单{wanted}，请扫描箱上的标签{wanted_sscc}。",
    "label.voided_scan": "订单{order}的标签{sscc}已作废，不得使用。请销毁。",
    "label.older_copy": "这是订单{order}的旧标签。请销毁，并扫描标有COPY {copy}的标签。",
    "label.check_first": "请先扫描订单{order}箱上的标签，再打开其他订单。",
    "label.settle_first": "订单{order}的标签{sscc}还没有贴到箱上。请先在标签列表中处理。",
    "label.decided_out": "标签{sscc}按已打印处理。贴到箱上后请扫描。",
    "label.reprint": "标签{sscc}正在重新打印，标有COPY {copy}。如发现另一张，请销毁。",
    "label.settled": "标签{sscc}无需处理，当前状态：{state}。",
    "label.released": "标签{sscc}正在打印。",
    "label.discarded": "标签{sscc}已丢弃。它仍留在列表中备用。",
    "label.no_reprint": "标签{sscc}当前状态：{state}，只有已打出的标签才能重打。请在标签列表中处理。",
    "label.copy_waits": "标签{sscc}已申请另一张副本。请先在标签列表中处理那一张。",
    "label.voided": "标签{sscc}已作废，其号码不再使用。请销毁标签。",
    "label.no_void": "标签{sscc}当前状态：{state}。请等它结束后再作废。",
    "label.no_number": "标签{title}没有可作废的号码。请直接扔掉。",
    "label.asked": "标签{title}即将打印。",
    "label.not_plain": "{template}不能单独打印。可选：{known}。",
    "label.unknown": "没有打印任务{job}。请查看标签列表。",
    # files
    "carrier_label.kept": "订单{order}的承运商面单已到。",
    "carrier_label.known": "订单{order}的承运商面单此前已到。",
    "carrier_label.no_parcel": "本站没有订单{id}，不保存其承运商面单。",
    "carrier_label.again": "标签{sscc}按承运商原样重新打印。如发现另一张，请销毁。",
    "file.no_room": "没有空间再存文件：每个工作站最多存{most} MB。旧文件会在夜间自动清除。",
}
