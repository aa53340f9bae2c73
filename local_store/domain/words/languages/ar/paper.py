"""What is said of labels and files, in Arabic."""

SENTENCES = {
    # labels
    "label.confirmed": "الملصق {sscc} على الطلب {order}.",
    "label.known": "هذا ملصق الطلب {order}.",
    "label.checked": "الملصق {sscc} على الطلب {order}.",
    "label.still_waits": "الملصق {sscc} للطلب {order} في انتظار الطباعة.",
    "label.swapped": (
        "هذا ملصق الطلب {order}، والصندوق هنا للطلب {wanted}. انزعه والصق الملصق {wanted_sscc}، ثم ابحث عن صندوق "
        "الطلب {order}."
    ),
    "label.other_came_out": (
        "هذا ملصق الطلب {order}، وقد طُبع. الصندوق هنا للطلب {wanted}؛ امسح عليه الملصق {wanted_sscc}."
    ),
    "label.voided_scan": "الملصق {sscc} للطلب {order} ملغى ولا يجوز استخدامه. أتلفه.",
    "label.older_copy": "هذا ملصق قديم للطلب {order}. أتلفه، وامسح الملصق المكتوب عليه COPY {copy}.",
    "label.check_first": "امسح الملصق الذي على صندوق الطلب {order} قبل فتح طلب آخر.",
    "label.settle_first": "الملصق {sscc} للطلب {order} ليس على صندوقه بعد. احسم أمره في قائمة الملصقات أولًا.",
    "label.decided_out": "يُعدّ الملصق {sscc} مطبوعًا. امسحه بعد لصقه على الصندوق.",
    "label.reprint": "تُعاد طباعة الملصق {sscc} بعلامة COPY {copy}. أتلف الآخر إن ظهر.",
    "label.settled": "الملصق {sscc} لا يحتاج إلى قرار، وحالته: {state}.",
    "label.released": "تتم الآن طباعة الملصق {sscc}.",
    "label.discarded": "تم استبعاد الملصق {sscc}. يبقى في القائمة عند الحاجة إليه.",
    "label.no_reprint": "حالة الملصق {sscc}: {state}؛ ولا تُعاد إلا طباعة ملصق خرج من الطابعة. احسم أمره في القائمة.",
    "label.copy_waits": "سبق طلب نسخة أخرى من الملصق {sscc}. احسم أمرها في قائمة الملصقات أولًا.",
    "label.voided": "تم إلغاء الملصق {sscc}، ولن يُستخدم رقمه مرة أخرى. أتلف الملصق.",
    "label.no_void": "حالة الملصق {sscc}: {state}. انتظر حتى ينتهي ذلك، ثم ألغِه.",
    "label.no_number": "الملصق {title} ليس له رقم لإلغائه. ارمه.",
    "label.asked": "الملصق {title} في الطريق.",
    "label.not_plain": "القالب {template} ليس لملصق يُطبع وحده. المتاح: {known}.",
    "label.unknown": "لا توجد مهمة طباعة برقم {job}. راجع قائمة الملصقات.",
    # files
    "carrier_label.kept": "وصل ملصق شركة الشحن للطلب {order}.",
    "carrier_label.known": "ملصق شركة الشحن للطلب {order} موجود هنا بالفعل.",
    "carrier_label.no_parcel": "الرقم {id} غير معروف هنا، لذلك لا يُحفظ ملصق شركة الشحن الخاص به.",
    "carrier_label.again": "تُعاد طباعة الملصق {sscc} كما أعدّته شركة الشحن. أتلف الآخر إن ظهر.",
    "file.no_room": "لا مكان لملف آخر: تحفظ المحطة {most} MB على الأكثر. تُحذف الملفات القديمة تلقائيًا ليلًا.",
}
