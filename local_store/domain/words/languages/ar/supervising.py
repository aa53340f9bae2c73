"""What is said of work that HQ took back or changed, in Arabic."""

SENTENCES = {
    "work.asks": "{sentence} لا يُحسب شيء هنا قبل قرار المشرف.",
    "exception.badge": "هذه البطاقة غير معروفة هنا. على المشرف مسح بطاقته لاتخاذ القرار.",
    "exception.role": "ليست لدى {name} صلاحية هذا القرار. راجع المشرف.",
    "exception.none": "لا توجد حالة للبتّ فيها برقم {exception}. راجع القائمة مرة أخرى.",
    "exception.no_step": "الخيار «{choice}» غير ممكن ({title}). اختر مما يلي: {offered}.",
    "exception.moved_on": (
        "تقدّم العمل على {title} منذ السؤال عنه، والمرحلة الآن: {stage}. يُسأل المركز الرئيسي من جديد؛ "
        "اتخذ القرار حسب ما يظهر عندئذ."
    ),
    "exception.label_busy": "ملصق {title} في طريقه إلى الطابعة. انتظر حتى ينتهي ذلك، ثم ألغِه.",
    "exception.held": "تم تعليق {title}. اتخذ القرار من جديد عندما يتضح الأمر.",
    "exception.goes_on": "يستمر العمل على {title} كما هو.",
    "exception.gone": "لم يعد هنا: {title}.",
    "exception.changed": "تم تعديل {title} كما يريد المركز الرئيسي.",
    "exception.void": "تم إلغاء ملصق {title}. أتلف الملصق وضع الطرد جانبًا.",
    # what a supervisor arranges
    "give.no_list": "لا توجد هنا قائمة انتقاء مفتوحة برقم {picklist}. راجع القوائم مرة أخرى.",
    "give.no_worker": "لا يوجد هنا عامل انتقاء باسم {worker}. اختر عامل انتقاء من القائمة.",
    "give.busy": "القائمة {picklist} قيد التنفيذ في محطة العمل {workplace}. اطلب تسليمها هناك أولًا.",
    "give.done": "تم إسناد القائمة {picklist} إلى {worker}.",
    "give.anybody": "القائمة {picklist} متاحة لمن يأخذها.",
    "give.others": "القائمة {picklist} مسندة إلى {worker}. اختر قائمة أخرى، أو راجع المشرف.",
    "prioritise.done": "أولوية القائمة {picklist} الآن: {priority}.",
    "wave.listed": "الطلب {order} موجود في قائمة أو مطلوب بالفعل. استبعده من الموجة.",
    "wave.twice": "الطلب {order} مكرر في الموجة. اذكره مرة واحدة.",
    "wave.requested": "تم طلب موجة واحدة، عدد طلباتها {orders}. تصل قائمة انتقائها من المركز الرئيسي.",
    "task.created": "تمت إضافة المهمة إلى القائمة برقم {task}.",
    "task.none": "لا توجد هنا مهمة برقم {task}. راجع القائمة مرة أخرى.",
    "task.taken": "المهمة {task} لدى {worker}. خذ مهمة أخرى.",
    "task.done_before": "المهمة {task} منجزة بالفعل. خذ مهمة أخرى.",
    "task.claimed": "المهمة {task} لك: «{instructions}».",
    "task.completed": "تم إنجاز المهمة {task}.",
    "exception.gone_back": "لم يعد هنا: {title}. عاد إلى المخزون: {goods}.",
}
