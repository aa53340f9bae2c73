"""What is said of people, in Chinese."""

SENTENCES = {
    "worker.signed_in": "{name}，您好。",
    "worker.signed_out": "{name}已退出。",
    "worker.already": "{name}已在此登录。",
    "worker.none": "此处无人登录。请先扫描工牌。",
    "worker.busy": "{name}在此还有未完成的工作。请先完成，或让{name}退出。",
    "worker.role": "{name}无权进行{work}。请主管开通角色：{role}。",
    "worker.leaves_work": "{name}已退出。未完成的工作留在此处，由下一位扫工牌的人继续。",
    "worker.may_not": "{name}无此权限，需要：{roles}。请找主管。",
    "worker.may_not_approve": "{name}不能批准此操作。请本站另一位主管扫描工牌。",
    "worker.badges_ended": "{name}不能登录或批准：工牌有效期至{until}。总部恢复连接后会自动续期。",
    "pin.nobody": "此处没有人员{person}。请再查看人员列表。",
    "pin.free": "{name}的PIN码未锁定，可以输入。",
    "pin.unlocked": "{name}可以重新输入PIN码。",
    "device.registered": "设备{device}已在此登记。",
}
