"""What is said of goods that are tallied, whatever for, in Arabic."""

SENTENCES = {
    "tally.none": "لا شيء مفتوح هنا. امسح ما تتبعه البضاعة، أو اختره من القائمة.",
    "tally.unknown": "الرمز {code} غير معروف هنا. امسح الصنف، أو اطلب من المشرف ربط الرمز.",
    "tally.not_for": "الرمز {code} يخص {thing}. امسح صنفًا.",
    "tally.item_first": "لا صنف في يدك بعد. امسح صنفًا أولًا.",
    "tally.scan_first": "امسح صنفًا قبل إدخال الكمية. الوحدات ذات الأرقام التسلسلية تُمسح واحدة واحدة.",
    "tally.counted": "الصنف {item}: أُضيف {qty}، والمجموع {total}.",
    "tally.at": "الموقع {location}: امسح ما فيه.",
    "tally.wants_lot": "الصنف {item}: امسح رقم الدفعة أو أدخله.",
    "tally.wants_expiry": "الصنف {item}: امسح تاريخ الانتهاء أو أدخله.",
    "tally.wants_serial": "الصنف {item}: امسح الرقم التسلسلي.",
    "tally.wants_weight": "الصنف {item}: ضعه على الميزان وزِنه.",
    "tally.serial_twice": "الرقم التسلسلي {serial} للصنف {item} محسوب بالفعل. امسح كل وحدة مرة واحدة.",
    "tally.serial_of_many": "الرقم التسلسلي {serial} لوحدة واحدة، وهذا الرمز يحسب {qty}. امسح الوحدة نفسها.",
    "tally.no_date": "القيمة {value} ليست تاريخًا. أدخل السنة ثم الشهر ثم اليوم، مثل 2027-03-31.",
    "tally.no_value": "القيمة {value} غير ممكنة لصنف ({name}). أدخلها مرة أخرى.",
    "tally.condition": "الصنف {item}: ما يُمسح بعد الآن يُحسب بحالة: {condition}.",
    "tally.amended": "تم تعديل الصنف {item}، والكمية {qty}: {said}.",
    "tally.photographed": "تم حفظ الصورة مع آخر كمية محسوبة: {qty} من {item}.",
    "tally.pallet_undone": "تم التراجع عن {container} بالكامل، وعدد البنود {lines}.",
    "tally.undone": "تم التراجع عن {qty} من {item}، والباقي {total}.",
    "tally.nothing_to_undo": "لم يُحسب شيء بعد. امسح صنفًا أولًا.",
    "tally.serial_elsewhere": (
        "الرقم التسلسلي {serial} للصنف {item} محسوب بالفعل في {workplace}. ابحث عنه هناك، أو تراجع عن حسابه هناك."
    ),
}
