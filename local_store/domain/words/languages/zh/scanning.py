"""What is said of any scan, and of linked codes, in Chinese."""

SENTENCES = {
    # any scan
    "scan.unknown": "无法识别{code}。请核对标签，扫描{item}；或请主管关联此码。",
    "scan.unknown_all_in": "无法识别{code}，商品已全部装入。请称重并封箱；或请主管关联此码。",
    "scan.two_codes": (
        "一次扫描传来了两个码（{code}），未计数。请逐个扫描；如再次出现，须将扫描枪设为每码后发送Enter。"
    ),
    "scan.many_ways": (
        "此码有{number}种读法（{ways}），未计数。请扫标签上的另一个码或手动输入；如常出现，"
        "须将扫描枪设为发送GS（FNC1）。"
    ),
    "scan.no_separators": (
        "此码缺少分隔符，读法过多（{code}），未计数。请扫标签上的另一个码或手动输入；须将扫描枪设为发送GS（FNC1）。"
    ),
    "scan.contradicts": "此码损坏或编制有误：{fault}（{code}）。请重扫，或扫标签上的另一个码。",
    "scan.unknown_case": "{code}是{item}的箱码，但此处没有每箱件数。请逐件扫描，或请主管关联此码。",
    "scan.not_for": "{code}是{thing}。请扫描{item}。",
    "scan.not_for_all_in": "{code}是{thing}，商品已全部装入。请称重并封箱。",
    "scan.unreadable": "{device}传来的不是条码（{why}：{raw}）。请重新扫描。",
    "scan.again": "{code}短时间内扫了两次，只计一次。如确有另一件，请再扫一次。",
    "scan.not_kept": "{code}未能保存。请查看是否已计入，如未计入请重扫。",
    # linking a code to a product
    "link.badge": "此工牌在此未登记。请主管扫描自己的工牌来关联条码。",
    "link.role": "{name}无权关联条码。请找主管。",
    "link.is_badge": "这是工牌，不是商品条码。",
    "link.no_product": "此处没有商品{sku}。请在列表中查找编号。",
    "link.known": "{code}已经是{thing}，未作任何更改。",
    "link.other": "{code}已关联到{multiplier}件{item}。请先取消该关联。",
    "link.already": "{code}已经计为{multiplier}件{item}。",
    "link.done": "{code}从现在起计为{multiplier}件{item}。",
    "link.none": "{code}在此没有关联，无可取消。",
    "link.undone": "{code}不再关联任何商品。原为{multiplier}件{item}。",
}
