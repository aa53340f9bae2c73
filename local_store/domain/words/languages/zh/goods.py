"""What is said of goods that come in or back, and of counts, in Chinese."""

SENTENCES = {
    "goods.badge": "此工牌在此未登记。请主管扫描自己的工牌。",
    "goods.role": "{name}无权登记到货或盘点。请找主管。",
    "goods.no_product": "此处没有商品{sku}。请在列表中查找编号。",
    "goods.none": "{sku}的数量不能是{qty}。请删去该行，或输入实际数量。",
    "goods.negative": "{item}的数量不能是{qty}。请输入零或正数。",
    "goods.serials": "{qty}件{sku}对应了{serials}个序列号。请重新清点，或重新扫描。",
    "goods.serial_twice": "{sku}的序列号{serial}重复。请每件只扫一次。",
    "goods.against": "请指明对应的到货通知或采购订单，或按无通知收货登记。",
    "goods.blind": "无通知收货只用于没有到货通知的货物。请去掉到货通知。",
    "goods.received": "已登记：到货{units}件，共{lines}行。",
    "goods.counted": "已登记：{sku}{place}共{qty}件。",
}
