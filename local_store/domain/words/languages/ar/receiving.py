"""What is said of goods that come in and are put away, in Arabic."""

SENTENCES = {
    # opening
    "receive.none": "لا شيء مفتوح هنا. امسح رقم إشعار الشحن المسبق أو منصة نقالة منه، أو BLIND لبضاعة أخرى.",
    "receive.unknown": "لا يوجد هنا إشعار شحن مسبق للرمز {code}. راجع الأوراق، أو امسح BLIND للاستلام دون إشعار.",
    "receive.opened": "الإشعار {number} مفتوح: الوحدات المتوقعة {expected}، وما وصل {received}. امسح البضاعة.",
    "receive.blind": "بضاعة دون إشعار: امسحها. امسح BLIND مرة أخرى عند اكتمال العدّ.",
    "receive.busy": "العمل المفتوح هنا: {work}. أنهِه أولًا، ثم امسح {asked} مرة أخرى.",
    "receive.closed": "الإشعار {number} مغلق. أعد فتحه، أو استلم البضاعة بمسح BLIND.",
    # scanning
    "receive.no_location": "الرمز {location} لموقع. امسح البضاعة هنا؛ أما تخزينها فلاحقًا.",
    "receive.pallet": "المنصة {sscc}: تم عدّ كل الوحدات ({units})، وعدد البنود {lines}.",
    "receive.pallet_again": "المنصة {sscc} محسوبة بالفعل. ضعها جانبًا وامسح التالية.",
    "receive.pallet_elsewhere": "المنصة {sscc} تتبع {number}. أنهِ العمل المفتوح هنا، ثم امسح المنصة مرة أخرى.",
    "receive.container": "المنصة {sscc} مفتوحة: امسح ما عليها، ثم {sscc} مرة أخرى عند اكتمال العدّ.",
    "receive.container_shut": "تم عدّ {sscc}: عدد الوحدات {units}. امسح التالي.",
    "receive.serial_here": (
        "الرقم التسلسلي {serial} للصنف {item} في المخزون بالفعل ({account}). تحقق من الملصق، أو راجع المشرف."
    ),
    "receive.expires": (
        "الصنف {item} تنتهي صلاحيته في {day}، والمطلوب ألا تنتهي قبل {wanted}. ارفضه، أو اطلب سماح المشرف."
    ),
    "receive.over": (
        "الصنف {item}: المتوقع {announced}، والمجموع {total} أكثر من اللازم. ارفض الزائد، أو اطلب سماح المشرف."
    ),
    "receive.unexpected": "الصنف {item} ليس في الإشعار {number}. ارفضه، أو اطلب سماح المشرف.",
    "receive.weigh_each": "كل وحدة من {item} تُوزن. امسحها وضعها على الميزان.",
    "receive.no_photo": "لا توجد صورة {sha256} في هذه المحطة. التقط الصورة مرة أخرى.",
    "receive.waits": "الصنف {item} في يدك ولم يُحسب، وينقصه: {missing}. أدخله، أو تابع المسح.",
    # the end
    "receive.done": "تم التسجيل: عدد الوحدات الواصلة {units}، وعدد البنود {lines}.",
    "receive.nothing": "لم يُحسب شيء، فلم يُسجّل شيء.",
    # announcements
    "inbound.none": "لا يوجد هنا إشعار شحن مسبق برقم {inbound}. ابحث عن رقمه في القائمة.",
    "inbound.counting": "ما زال عدّ بضاعة {number} جاريًا لدى {name}. يجب إنهاء ذلك أولًا.",
    "inbound.needs_second": "يلزم شخص ثانٍ لهذا: {what}. يسمح به المشرف ببطاقته ورمز PIN.",
    "inbound.allowed": "تم السماح: {what}.",
    "inbound.allow_what": "السماح يكون لأمر واحد. حدد الكمية، أو تاريخ الانتهاء.",
    "inbound.closed": "تم إغلاق الإشعار {number}: الوحدات الواصلة {received} من {expected}.",
    "inbound.closed_already": "الإشعار {number} مغلق بالفعل. لم يتغير شيء.",
    "inbound.reopened": "الإشعار {number} مفتوح من جديد. امسح ما وصل.",
    "inbound.open_already": "الإشعار {number} مفتوح. امسح ما وصل.",
    "inbound.rejected": "تم رفض {qty} من {item}. لا يدخل ذلك المخزون ويعود مع السائق.",
    "receipt.none": "لا يوجد هنا سند استلام برقم {receipt}. ابحث عن رقمه في القائمة.",
    "receipt.no_line": "ليس في سند الاستلام {receipt} بند برقم {line}. ترقيم بنوده يبدأ من 0.",
    "receipt.no_change": "البند {line}: التغيير بمقدار 0 لا يعني شيئًا. احذف البند.",
    "receipt.twice": "البند {line} مكرر. اجمع التغييرين في واحد.",
    "receipt.too_few": "البند {line}: لم يصل سوى {qty} من {sku}. لا تخصم أكثر من ذلك.",
    "receipt.gone": "البند {line}: لم يبقَ {account} سوى {qty} من {sku}. أعد الباقي أولًا، أو اجرد الرف.",
    "receipt.serials": "البند {line}: للمنتج {sku} أرقام تسلسلية. اذكر رقمًا لكل وحدة يشملها التصحيح.",
    "receipt.corrected": "تم التسجيل: عدد البنود المصححة في سند الاستلام {receipt} هو {lines}.",
    # put-away
    "put_away.none": "لا شيء في يدك. امسح صنفًا أو منصة نقالة على رصيف الاستلام.",
    "put_away.unknown": "الرمز {code} غير معروف هنا. امسح صنفًا أو منصة نقالة من رصيف الاستلام.",
    "put_away.not_on_dock": "الصنف {item}: الموجود على رصيف الاستلام {qty}. استلم المزيد أولًا، أو امسح بضاعة أخرى.",
    "put_away.pallet_gone": "المنصة {sscc} ليست على رصيف الاستلام. امسح منصة أخرى، أو الأصناف واحدًا واحدًا.",
    "put_away.take": "في يدك: {what}. انقلها إلى الموقع {location} وامسحه.",
    "put_away.take_anywhere": "في يدك: {what}. لا موقع مقترحًا لها: انقلها إلى موقع مناسب وامسحه.",
    "put_away.in_hand": "في يدك: {what}. انقلها إلى {location} أولًا، أو أعدها (تراجع).",
    "put_away.whole_pallet": "في يدك منصة كاملة. انقلها إلى موقعها، أو أعدها (تراجع).",
    "put_away.scan_serial": "للصنف {item} أرقام تسلسلية. امسح الرقم التسلسلي لكل وحدة.",
    "put_away.has_serial": "الرقم التسلسلي {serial} في يدك بالفعل. امسح الوحدة التالية.",
    "put_away.serial_gone": (
        "الرقم التسلسلي {serial} للصنف {item} ليس على رصيف الاستلام، أو هو لدى شخص آخر. امسح الرقم الذي على الوحدة."
    ),
    "put_away.unit_left": (
        "الرقم التسلسلي {serial} للصنف {item} لم يعد على رصيف الاستلام. أعد الوحدة (تراجع)، وامسح الموجود."
    ),
    "put_away.full": "الموقع {location} يتسع لكمية {room} أخرى، وفي يدك {qty}. انقلها إلى {proposal}.",
    "put_away.not_mixed": (
        "في الموقع {location} المنتج {other}، ولا يُسمح فيه إلا بمنتج واحد. انقل ما في يدك إلى {proposal}."
    ),
    "put_away.mixed": "لا يُسمح في الموقع {location} إلا بمنتج واحد، وفي يدك عدة منتجات. انقلها إلى {proposal}.",
    "put_away.done": "تم التخزين في الموقع {location}: {what}. امسح التالي.",
    "put_away.laid_back": "تمت إعادة ما يلي إلى رصيف الاستلام: {what}.",
    "put_away.nothing_to_undo": "لا شيء في يدك. ما على الرف يُنقل بعملية نقل مخزون.",
    "stock_move.same": "البضاعة في الموقع {location} أصلًا. حدد موقعًا آخر.",
    "stock_move.no_location": "لا يوجد هنا موقع برقم {location}. امسح ملصقه.",
    "stock_move.no_product": "لا يوجد هنا منتج برقم {sku}. ابحث عن رقمه في القائمة.",
    "stock_move.serials": "عدد الأرقام التسلسلية {serials} والكمية {qty} من {sku}. لا تذكر أكثر مما يُنقل.",
    "stock_move.serial_elsewhere": (
        "الرقم التسلسلي {serial} للمنتج {sku} ليس في الموقع {location}. امسح الوحدات هناك مرة أخرى."
    ),
    "stock_move.done": "تم التسجيل: نُقل {qty} من {sku} من الموقع {source} إلى الموقع {target}.",
    "goods_label.no_place": "لم تُحدد محطة عمل. حدد أين تُطبع الملصقات.",
    "goods_label.asked": "تتم طباعة ملصقات {item}، وعددها {copies}.",
}
