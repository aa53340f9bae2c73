"""What is said of any command, in Chinese."""

SENTENCES = {
    "work.no_room": "无法打开{work}：本站磁盘已满。请完成未结作业，并通知IT。",
    "work.too_old": (
        "已有{days}天未收到总部消息，超过{most}天不再开始新作业，因其可能已取消。请完成未结作业，并通知IT。"
    ),
    "quantity.bad": "{keyed}不是有效数量。请输入大于零的整数。",
    "quantity.scan_first": "请先扫描一次{item}，再输入数量。",
    "quantity.fewer": "已计{counted}件，您输入了{keyed}件。请用“撤销”减少计数。",
    "quantity.same": "{item}：保持{counted}件，共{wanted}件。",
    "work.kind": "{workplace}是{work}工位，不能执行此操作（{what}）。",
    "work.received": "已收到。",
    "work.answer_lost": "此操作之前已完成，但答复因存储损坏而丢失。请查看列表并从那里继续。",
}
