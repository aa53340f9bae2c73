"""What is said of picking, in Spanish."""

SENTENCES = {
    "pick.none": "No hay ninguna lista de picking abierta. Escanee una lista o elija una.",
    "pick.opened": "Lista {picklist} abierta, líneas: {lines}. Vaya a {location}.",
    "pick.already": "La lista {picklist} ya está abierta.",
    "pick.other_open": "La lista {open} está abierta. Complétela antes de {picklist}.",
    "pick.elsewhere": "La lista {picklist} está en curso en {workplace}. Elija otra.",
    "pick.finished": "La lista {picklist} ya está completada. Elija otra.",
    "pick.unknown": "La lista {picklist} no se conoce aquí. Elija una de la pantalla.",
    "pick.at": "{location} es correcta. Escanee {item}.",
    "pick.wrong_location": "Esto es {location}. Vaya a {wanted} y escanéela.",
    "pick.scan_location": "Escanee la ubicación {wanted} antes del artículo.",
    "pick.wrong_item": (
        "Esto es {got}. De aquí, la lista {picklist} pide {item}: devuelva lo que tomó y escanee {item}."
    ),
    "pick.not_on_list": "{got} no está en la lista {picklist}. Devuélvalo a su sitio y escanee {item}.",
    "pick.item_elsewhere": (
        "{got} se toma de {wanted} y usted está en {location}. Devuélvalo a su sitio; aquí toca {item}."
    ),
    "pick.counted": "{item}: {picked} de {qty}.",
    "pick.line_done": "{item}: {qty} de {qty}. Línea lista.",
    "pick.all_done": "{item}: {qty} de {qty}. Todas las líneas están listas: complete la lista {picklist}.",
    "pick.too_many": "{item}: se pide {qty} y el recuento va en {picked}. Devuelva {extra} a su sitio.",
    "pick.line_full": "{got} ya está completo en la lista {picklist}. Devuélvalo a su sitio y escanee {item}.",
    "pick.skipped": "{item} vuelve más tarde. Vaya a {location}.",
    "pick.short": "{item}: faltante de {missing} ({reason}). Continúe.",
    "pick.short_elsewhere": (
        "{sentence} Según lo registrado aquí, hay {qty} en {location}: escanee esa ubicación para tomar lo que falta."
    ),
    "pick.nothing_short": (
        "En la lista {picklist} no se acaba de marcar ningún faltante. Marque primero el faltante de la línea."
    ),
    "pick.no_stock_there": "No consta que haya {item} en {location}. Elija otra ubicación.",
    "pick.replanned": "{item}: tome {qty} de {location} en su lugar. Vaya a {location}.",
    "pick.nothing_left": "Todas las líneas están hechas. Complete la lista {picklist}.",
    "pick.undone": "Deshecho: {item} va en {picked} de {qty}.",
    "pick.nothing_to_undo": "Aún no se ha contado nada en la lista {picklist}. Escanee primero un artículo.",
    "pick.open_lines": "Líneas sin hacer: {open} de {lines}. Recójalas o márquelas como faltante.",
    "pick.completed": "Lista {picklist} completada. Confirmación {confirmation}.",
    # lots, expiry dates, serial numbers
    "pick.earlier_elsewhere": "{sentence} El lote {lot} de {location} caduca antes, el {expires}.",
    "pick.wants_lot": "{item}: escanee o teclee su lote.",
    "pick.wants_expiry": "{item}: escanee o teclee su fecha de caducidad.",
    "pick.wants_serial": "{item}: escanee su número de serie.",
    "pick.item_first": "Aún no hay ningún artículo en mano. Escanee uno primero.",
    "pick.no_value": "{value} no es válido ({name} de {item}). Escanee o teclee otra vez.",
    "pick.serials_only": "{item} lleva números de serie. Escanee el de cada unidad.",
    "pick.serial_twice": "El número de serie {serial} de {item} ya se tomó. Escanee cada unidad una sola vez.",
    "pick.serial_of_many": (
        "El número de serie {serial} es de una sola unidad de {item} y hay más en mano. Escanee la unidad misma."
    ),
    "pick.serial_elsewhere": (
        "El número de serie {serial} de {item} está {where}, según lo registrado aquí. Aparte la unidad y avise al "
        "supervisor."
    ),
    "pick.expired": "{item}: caducó el {expires} ({lot}). Apártelo, avise al supervisor y tome otro.",
    "pick.other_lot": (
        "{item}: está previsto el lote {wanted} y este es otro ({got}). Tome {wanted}, o escanee este otra vez para "
        "cambiar de lote."
    ),
    "pick.earlier_lot": (
        "{item}: aquí está el lote {lot}, que caduca antes, el {expires}. Tome ese lote, o escanee otra vez este "
        "({got}) para quedarse con él."
    ),
    # handhelds: many at once
    "pick.checked": "Lista {picklist}, correcto: {accepted} de {told}.",
    "pick.checked_not": "{sentence} La lista {picklist} queda como estaba.",
    "pick.unknown_sku": "{sku} no está en la lista {picklist}. Devuélvalo a su sitio.",
    "pick.wrong_place": "{item} se toma de {places}, no de {location}. Devuélvalo a su sitio.",
    "pick.no_task": (
        "La tarea {task} no está en la lista {picklist} o no es para este artículo aquí. Vuelva a leer la lista."
    ),
    "pick.more_than_asked": "{item}: aquí falta recoger {left} y se escaneó {qty}. Devuelva lo escaneado a su sitio.",
    "pick.serial_missing": "{item} sale por número de serie. Escanee el de cada unidad.",
    "pick.lot_missing": "{item} sale por lote. Escanee también el lote.",
    "pick.not_the_lot": (
        "{item}: está previsto el lote {wanted} y este es {got}. Devuélvalo a su sitio y tome {wanted}."
    ),
    "pick.no_such_count": "{item}: ese recuento no se puede deshacer, recogido: {picked}. Compruébelo otra vez.",
    "pick.not_short": "{item}: recogido {picked} de {qty}, así que el faltante no es ese. Compruébelo otra vez.",
    "pick.no_worker": "{worker} no trabaja aquí. Elija a alguien que trabaje aquí.",
    "pick.assigned": "La lista {picklist} es para {name}.",
    "pick.no_line": "La línea {line} de {order} no se recogió aquí. Elija una que sí.",
    "pick.more_than_picked": "{item}: recogido {picked}, informado {told}. Cuente otra vez.",
    "pick.serials_kept": "{item}: números de serie guardados: {number}.",
    "pick.lot_kept": "{item}: {qty} del lote {lot}.",
    # goods that go back, lists that change hands
    "pick.rebin_open": "{item} aún está en picking. Deshaga el recuento o termine primero la línea.",
    "pick.rebin_too_many": "{item}: recogido {picked}, no se puede devolver {qty}. Cuente otra vez.",
    "pick.rebin_packed": "{item}: en un paquete ya hay {packed}. Sáquelo primero del paquete.",
    "pick.rebin_which": "{item} lleva números de serie. Indique cuáles se devuelven, cantidad: {qty}.",
    "pick.rebin_serials": "{item}: {serial} no se recogió para esta línea. Escanee las unidades en mano.",
    "pick.not_open": "La lista {picklist} no está en curso (estado: {status}). Empiécela primero.",
    "pick.put_before": "{item} está en mano para su cubeta. Escanee primero la cubeta en el puesto.",
    "pick.released": "Lista {picklist} apartada, líneas hechas: {done} de {lines}. Queda para {whose}.",
    "pick.other_zone": (
        "La lista {picklist} es de la zona {zone} y {workplace} trabaja en {here}. Elija otra lista u otra zona."
    ),
    "pick.zone": "Zona de {workplace} desde ahora: {zone}.",
    "pick.zone_where": "Indique en qué puesto hace picking. La zona se guarda para ese puesto.",
    # totes of several orders
    "pick.put": "{sentence} Póngalo en la cubeta del pedido {order} y escanee la cubeta.",
    "pick.put_right": "Cubeta {tote} correcta: es del pedido {order}.",
    "pick.put_any": (
        "{item} es para el pedido {order}, que aún no tiene cubeta. Escanee una cubeta vacía para ese pedido."
    ),
    "pick.put_first": "Ponga primero {item} en {wanted} y escanee esa cubeta.",
    "pick.wrong_tote": "{tote} es del pedido {other}. Ponga {item} en {wanted} y escanee esa cubeta.",
    "pick.tote": "La cubeta {tote} es para el pedido {order}.",
    "pick.tote_taken": "La cubeta {tote} ya tiene el pedido {order}. Tome otra cubeta.",
    "pick.substituted": "{item}: en su lugar, tome {qty} de {got} en {location}. Vaya allí y escanee cada unidad.",
    "pick.no_substitute": (
        "{got} no puede salir en lugar de {item}: el pedido no lo indica. Devuélvalo a su sitio o pida "
        "al supervisor que lo autorice."
    ),
    "pick.not_short_for": (
        "De {item} no falta nada que {got} pueda reemplazar. Marque primero el faltante o tome otro artículo."
    ),
    "pick.substitute_unknown": "{sku} no es un artículo conocido aquí. Elija otro.",
    "pick.substitute_nowhere": (
        "Según lo registrado aquí, no hay {got} en ninguna ubicación. Elija otro artículo o siga sin él."
    ),
    "pick.over": "{item}: se puede tomar {qty} más de lo pedido en {location}. Escanee cada unidad.",
    "pick.over_how_many": "{item}: indique cuánto toma de más y por qué.",
    "pick.over_open": "{item} aún no está completo. Tome primero lo pedido y después lo demás.",
    "pick.over_too_many": (
        "{item}: se pide {asked} y {qty} más es demasiado; el máximo aquí es {most} más. Devuelva el "
        "resto a su sitio."
    ),
}
