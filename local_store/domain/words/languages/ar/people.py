"""What is said of people, in Arabic."""

SENTENCES = {
    "worker.signed_in": "مرحبًا {name}.",
    "worker.signed_out": "تم تسجيل خروج {name}.",
    "worker.already": "سبق تسجيل دخول {name} هنا.",
    "worker.none": "لم يسجّل أحد دخوله هنا. امسح بطاقتك أولًا.",
    "worker.busy": "لدى {name} هنا عمل مفتوح. أنهِه، أو سجّل خروج {name} أولًا.",
    "worker.role": "ليست لدى {name} صلاحية هذا العمل ({work}). اطلب من المشرف الدور المطلوب: {role}.",
    "worker.leaves_work": "تم تسجيل خروج {name}. يبقى العمل مفتوحًا هنا للبطاقة التالية.",
    "worker.may_not": "ليست لدى {name} صلاحية هذا الإجراء، والدور المطلوب: {roles}. راجع المشرف.",
    "worker.may_not_approve": "لا تُقبل هنا موافقة {name}. على شخص آخر له صفة مشرف هنا مسح بطاقته.",
    "worker.badges_ended": (
        "لا يُقبل من {name} تسجيل الدخول ولا الموافقة: انتهت صلاحية البطاقات في {until}؛ ويجددها المركز الرئيسي "
        "عند عودة الاتصال."
    ),
    "pin.nobody": "لا يوجد هنا شخص معروف باسم {person}. راجع قائمة الأشخاص مرة أخرى.",
    "pin.free": "إدخال رمز PIN متاح بالفعل لحساب {name}.",
    "pin.unlocked": "إدخال رمز PIN متاح من جديد لحساب {name}.",
    "device.registered": "أصبح الجهاز {device} معروفًا هنا.",
}
