"""What is said of packing and the scale, in Arabic."""

SENTENCES = {
    # packing
    "pack.none": "لا يوجد طرد مفتوح. امسح حاوية أو طلبًا.",
    "pack.opened": "الطلب {order}: عدد البنود المطلوب التحقق منها {lines}. امسح {item}.",
    "pack.already": "الطلب {order} مفتوح بالفعل.",
    "pack.other_open": "الطلب {open} مفتوح. اختمه قبل {order}.",
    "pack.not_picked": "الطلب {order} لم يُنتقَ بعد. خذ حاوية أخرى.",
    "pack.elsewhere": "الطلب {order} قيد التعبئة في محطة العمل {workplace}. خذ حاوية أخرى.",
    "pack.packed": "الطلب {order} معبّأ بالفعل. خذ حاوية أخرى.",
    "pack.nothing_picked": "لم يُنتقَ شيء للطلب {order}. خذ الحاوية إلى المشرف.",
    "pack.unknown": "الرمز {id} غير معروف هنا. امسح حاوية أو طلبًا.",
    "pack.not_in_order": "الصنف {got} ليس في الطلب {order}. ضعه جانبًا وامسح {item}.",
    "pack.not_in_order_all_in": "الصنف {got} ليس في الطلب {order}. ضعه جانبًا؛ اكتمل كل شيء في الداخل.",
    "pack.counted": "الصنف {item}: {packed} من {qty}.",
    "pack.line_done": "الصنف {item}: {qty} من {qty}. اكتمل البند.",
    "pack.all_done": "كل شيء في الصندوق. أغلق الصندوق وضعه على الميزان.",
    "pack.too_many": "الصنف {item}: المطلوب {qty} فقط والمحسوب {packed}. أخرج {extra}.",
    "pack.line_full": "الصنف {got} مكتمل في الطلب {order}. أخرجه وامسح {item}.",
    "pack.line_full_all_in": "الصنف {got} مكتمل في الطلب {order}. أخرجه؛ اكتمل كل شيء في الداخل.",
    "pack.nothing_left": "كل شيء في الصندوق. زِن الطرد.",
    "pack.undone": "تم التراجع: الصنف {item} عند {packed} من {qty}.",
    "pack.nothing_to_undo": "لم يُحسب شيء في هذا الطرد بعد. امسح صنفًا أولًا.",
    "pack.not_verified": "بنود لم يتم التحقق منها: {open} من {lines}. امسح {item}.",
    "pack.weighed": "الوزن {weight}. اختم الطرد.",
    "pack.not_weighed": "لم يُوزن الطرد بعد. ضعه على الميزان وزِنه.",
    "pack.wrong_weight": "{found} تحقق مما في الصندوق، ثم زِن مرة أخرى أو اذكر السبب.",
    "pack.sealed": "تم ختم الطلب {order}. ملصقه {sscc} في الطريق.",
    "pack.sealed_numbered": "تم ختم الطلب {order} برقم {package}. ملصقه {sscc} في الطريق.",
    "pack.no_numbers": (
        "لم تبقَ هنا أرقام من نوع {what}. ضع الطرد جانبًا وأبلغ الدعم التقني: تأتي الأرقام من المركز الرئيسي، أو "
        "من numbers.{kind} في edge.toml."
    ),
    # several parcels, several orders
    "pack.next_parcel": "الطرد {number} مفتوح، والطرد {full} في انتظار الميزان. امسح {item} للطرد {number}.",
    "pack.parcel_empty": "الطرد {number} ما زال فارغًا. ضع فيه شيئًا قبل بدء التالي.",
    "pack.too_many_parcels": "بلغ عدد طرود الطلب {order} الحد الأقصى: {most}. ضع الباقي في أحدها.",
    "pack.parcel_chosen": "الطرد {number} من الطلب {order}: ما يُمسح الآن يوضع فيه.",
    "pack.no_parcel": "ليس للطلب {order} طرد برقم {number}. اختر طردًا معروضًا على الشاشة.",
    "pack.parcel_closed": "الطرد {number} من الطلب {order} مختوم ولا يتغير. اختر طردًا آخر، أو اطلب إلغاء هذا.",
    "pack.not_in_parcel": (
        "لا يمكن نقل {qty} من {sku}: في الطرد {number} منها {held}. أعد العدّ، وحدد طردًا آخر للنقل إليه."
    ),
    "pack.which_serials": "حدد الوحدات المنقولة: في الطرد {number} الأرقام التسلسلية {serials}. امسح رقمًا لكل وحدة.",
    "pack.repacked": "تم نقل {qty} من {item} من الطرد {source} إلى الطرد {target}.",
    "pack.parcel_weighed": "الطرد {number}: الوزن {weight}. اختمه.",
    "pack.parcel_sealed": "تم ختم الطرد {number} من الطلب {order}. ملصقه {sscc} في الطريق. التالي: {item}.",
    "pack.parcel_sealed_all_in": (
        "تم ختم الطرد {number} من الطلب {order}. ملصقه {sscc} في الطريق. تابع مع الطرد التالي."
    ),
    "pack.resumed": "الطلب {order} هو الحالي. امسح {item}.",
    "pack.resumed_all_in": "الطلب {order} هو الحالي، وكل شيء في الداخل. زِنه واختمه.",
    "pack.short": "الصنف {item}: النقص {missing} ({reason}).",
    "pack.nothing_there": "عندئذ لن يُرسل شيء من الطلب {order}. خذ الحاوية إلى المشرف.",
    # serial numbers
    "pack.wants_serial": "الصنف {item}: امسح الرقم التسلسلي.",
    "pack.serials_singly": "للصنف {item} أرقام تسلسلية. امسح كل وحدة، ثم رقمها التسلسلي.",
    "pack.serial_twice": "الرقم التسلسلي {serial} للصنف {item} موجود في الطرد بالفعل. امسح الوحدة التالية.",
    "pack.serial_packed": "الرقم التسلسلي {serial} للصنف {item} في طرد آخر. ضع الوحدة جانبًا وأبلغ المشرف.",
    "pack.serial_not_picked": (
        "الرقم التسلسلي {serial} للصنف {item} لم يُنتقَ للطلب {order}. ضعه جانبًا وخذ وحدة من الحاوية."
    ),
    # before a parcel is sealed
    "pack.confirm_first": "اقرأ هذا وأكّده، ثم اختم الطرد: {note} امسح CONFIRM أو المس الزر.",
    "pack.confirmed": "عدد الملاحظات المؤكدة {notes}، والباقي {left}.",
    "pack.no_note": "ليس للطلب {order} ملاحظة كهذه لتأكيدها. تابع التعبئة.",
    "pack.photo_first": "صوّر الطرد {number} من الطلب {order}، ثم اختمه.",
    "pack.no_photo": "تلك الصورة للطلب {order} ليست هنا. التقطها مرة أخرى وأرسلها أولًا.",
    "pack.photographed": "تم حفظ صورة الطرد {number}.",
    "pack.carton": "كرتونة الطرد {number}: {carton}.",
    "pack.no_carton": "لا توجد هنا كرتونة برقم {carton}. اختر واحدة من القائمة.",
    "pack.material": "في الطرد {number}: {qty} من {material}.",
    "pack.material_none": "الكمية {qty} من {material} غير ممكنة. أدخل ما وُضع في الطرد.",
    "pack.measured": "أبعاد الطرد {number}: {size}.",
    # after a parcel is sealed
    "pack.void_unknown": "لا يوجد هنا طرد مختوم برقم {package}. امسح ملصقه مرة أخرى.",
    "pack.void_approval": "الطرد {package} مختوم. يجب أن يوافق المشرف على فتحه.",
    "pack.voided": "الطرد {package} ملغى. أتلف ملصقه {sscc}، وأخرج كل ما فيه، وعبّئ الطلب {order} من جديد.",
    "pack.not_all_packed": "الطلب {order} لم تكتمل تعبئته. اختم طروده أولًا.",
    "pack.shipment_asked": "تم طلب شحنة الطلب {order}: عدد الطرود {parcels}.",
    "pack.shipment_known": "سبق طلب شحنة الطلب {order}: لم يتغير شيء.",
    # parcels that are told whole
    "pack.session_of_other": "الجلسة مطلوبة باسم {worker}، والمفتاح باسم {name}. استخدم مفتاح من يعبّئ.",
    "pack.package_taken": "الطرد {package} معروف هنا بالفعل. أعطِ كل طرد رقمًا خاصًا به.",
    "pack.no_package": "لا يوجد هنا طرد برقم {package}. عبّئه أولًا.",
    "pack.no_lines": "الطرد {package}: لا يوجد طلب فيه كل البنود {lines}، كل منها مرة واحدة. حدد الطلب الذي تخصه.",
    "pack.item_wrong": (
        "الكمية {qty} من {item} مع عدد الأرقام التسلسلية {serials} غير ممكنة. حدد العدد، والرقم التسلسلي لكل وحدة."
    ),
    "pack.two_hqs": "الطلبات {orders} تتبع مراكز رئيسية مختلفة. أبلغ عن طرود كل مركز في استدعاء مستقل.",
    "pack.recorded": "تم التسجيل: عدد الطرود المعبّأة والموزونة {parcels}.",
    # scale
    "scale.none": "لم يصل وزن من أي ميزان. تأكد أنه يعمل ومتصل، ثم زِن مرة أخرى.",
    "scale.moving": "الميزان غير مستقر. ارفع يدك عن الطرد وزِن مرة أخرى.",
    "scale.old": "لم يعطِ الميزان وزنًا جديدًا منذ طلبك. زِن مرة أخرى.",
    "scale.over": "الطرد أثقل من قدرة الميزان. استخدم ميزانًا أكبر.",
    "scale.under": "قراءة الميزان تحت الصفر. أفرغه واضبطه على الصفر وزِن مرة أخرى.",
    "scale.fault": "أبلغ الميزان عن عطل ({fault}). أطفئه وشغّله، ثم زِن مرة أخرى.",
    "scale.not_emptied": "لم يُفرغ الميزان منذ الطرد السابق. ارفع الطرد وانتظر الصفر، ثم ضعه مرة أخرى وزِن.",
    "scale.empty": "قراءة الميزان {weight}. ضع الطرد عليه وزِن مرة أخرى.",
}
