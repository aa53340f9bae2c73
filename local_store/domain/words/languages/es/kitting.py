"""What is said of kits, in Spanish."""

SENTENCES = {
    "kit.unknown": "{code} no es una orden de trabajo conocida aquí. Escanee su número o elíjala.",
    "kit.through": "La orden de trabajo {id} está terminada, kits montados: {built}. Elija otra.",
    "kit.no_bill": (
        "No se sabe de qué se compone {sku} de la orden de trabajo {id}. Pida al supervisor que registre su lista de "
        "materiales."
    ),
    "kit.of_itself": (
        "{sku} sería parte de sí mismo o tendría demasiados niveles ({way}). Corrija la lista de materiales."
    ),
    "kit.opened": "Orden de trabajo {id}: {qty} de {sku}. Hace falta: {parts}.",
    "kit.already": "La orden de trabajo {id} ya está abierta.",
    "kit.other_open": "La orden de trabajo {open} está abierta. Complétela antes de {id}.",
    "kit.not_part": "{item} no forma parte de la orden de trabajo {id}. Devuélvalo a su sitio.",
    "kit.too_many": "{item}: la orden de trabajo {id} admite {qty} como máximo. Devuelva el resto a su sitio.",
    "kit.one_place": (
        "{item}: los kits de la orden de trabajo {id} se están dejando en {location}. Escanee esa ubicación o "
        "complete primero."
    ),
    "kit.unit_elsewhere": (
        "{item}: el número de serie {serial} está {where}, según lo registrado. Escanee la ubicación de la unidad u "
        "otra unidad."
    ),
    "kit.all_there": "Está todo para montar los kits ({qty}). Móntelos y después complete {id}.",
    "kit.nothing_counted": "Aún no se ha contado nada para la orden de trabajo {id}. Escanee primero un componente.",
    "kit.scan_kits": "Cada {item} lleva un número de serie. Escanee los kits montados antes de completar.",
    "kit.missing": "Para {qty} de {sku} todavía falta: {missing}. Escanéelo o marque el resto como faltante.",
    "kit.built": "Montado: {qty} de {sku}. Por montar en la orden de trabajo {id}: {rest}.",
    "kit.built_back": "Montado para la orden de trabajo {id}: {qty} de {sku}. Devuelva a su sitio: {back}.",
    "kit.short": "Montado: {built} de {sku}; por montar: {rest}. Falta: {missing}.",
    "kit.nothing_short": "No falta nada para la orden de trabajo {id}. Complétela.",
    "kit.bill": "Registrado. Artículos que componen {sku}: {parts}.",
    "kit.no_parts": "{sku} no tiene componentes. Indique sus componentes o registre primero su lista de materiales.",
    "kit.ordered": "Orden de trabajo {id}: montar {qty} de {sku}.",
    "kit.number_taken": "Ya existe una orden de trabajo {number}. Deje el número en blanco o indique otro.",
    "kit.no_build": "Aquí no existe el montaje {id}. Búsquelo en su orden de trabajo.",
    "kit.apart": "Desmontado: {qty} de {sku}. Sus componentes están por almacenar.",
    "kit.apart_before": "{qty} de {sku}: esto ya se desmontó antes. Vuelva a mirar la lista.",
    "kit.inside": "{qty} de {sku}: esto está dentro de {inside}. Desmonte eso primero.",
}
