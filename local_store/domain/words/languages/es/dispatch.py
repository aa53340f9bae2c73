"""What is said of loading, manifests and notices, in Spanish."""

SENTENCES = {
    # loading
    "load.none": "Aquí no se está cargando nada. Escanee un paquete o la hoja de un manifiesto ya empezado.",
    "load.opened": "{carrier} en {dock}, {day}, paquetes cargados: {loaded}. Escanee el siguiente paquete.",
    "load.loaded": "Pedido {order} cargado. Paquetes para {carrier}: {loaded}; por cargar: {missing}.",
    "load.all_on": "Pedido {order} cargado. Ya está todo lo de {carrier}, paquetes: {loaded}.",
    "load.unknown": (
        "{code} no es un paquete que esta estación conozca. Escanee la etiqueta del paquete o pregunte al supervisor."
    ),
    "load.order_code": "{code} es el pedido {order}, no una de sus cajas. Escanee la etiqueta de la caja.",
    "load.not_sealed": "El pedido {order} aún no está precintado y no se carga. Devuélvalo al puesto de embalaje.",
    "load.voided": (
        "La etiqueta {sscc} del pedido {order} está anulada. Deje el paquete aquí y pida al supervisor una etiqueta "
        "válida."
    ),
    "load.asks": "El pedido {order} no puede salir todavía: {why} Apártelo y pregunte al supervisor.",
    "load.wrong_carrier": (
        "El pedido {order} va con {wanted} y aquí se carga para {carrier}. Llévelo al muelle de {wanted}."
    ),
    "load.no_carrier": (
        "El pedido {order} no tiene transportista asignado. Abra primero el manifiesto de un transportista y escanee "
        "otra vez el paquete."
    ),
    "load.already": (
        "El pedido {order} ya está cargado: manifiesto {manifest} de {carrier}, en {dock}. Escanee el siguiente "
        "paquete."
    ),
    "load.left": "El pedido {order} ya salió con {carrier} el {day} ({manifest}). Averigüe qué caja es esta.",
    "load.undone": "Deshecho: el pedido {order} ya no está cargado. Paquetes que siguen cargados: {loaded}.",
    "load.nothing_to_undo": "Este manifiesto aún no tiene nada. Escanee primero un paquete.",
    "load.not_on": "{code} no está en el manifiesto {manifest}. Consulte la lista de lo cargado.",
    "load.unloaded": (
        "El pedido {order} ya no está en el manifiesto. Devuelva el paquete a su sitio; paquetes que siguen "
        "cargados: {loaded}."
    ),
    "load.one_by_one": "Los paquetes se cargan uno por uno. Escanee el siguiente paquete.",
    # manifests
    "manifest.unknown": "Aquí no existe el manifiesto {id}. Consulte la lista de manifiestos.",
    "manifest.closed_already": (
        "El manifiesto {id} está cerrado: {carrier} salió el {day}. Abra otro para lo que sigue aquí."
    ),
    "manifest.empty": "El manifiesto {id} está vacío. Escanee lo cargado antes de cerrarlo.",
    "manifest.missing": (
        "Para {carrier} hay paquetes precintados sin cargar, {missing}: {orders}. Cargue lo que falta o "
        "cierre el manifiesto así."
    ),
    "manifest.closed": "{carrier} ha salido. Paquetes cargados: {loaded}; se quedaron aquí: {missing}.",
    # notices and goods to suppliers
    "notice.exists": "El aviso de expedición {ref} ya existe. Dé otro número al nuevo.",
    "notice.not_loaded": (
        "{what} no está en ningún manifiesto que haya salido de aquí. Cárguelo y cierre el manifiesto antes de "
        "enviar el aviso."
    ),
    "notice.nothing_loaded": (
        "Nada de esto ha salido de aquí en un manifiesto. Cárguelo y cierre el manifiesto antes de enviar el aviso."
    ),
    "notice.two_manifests": (
        "Esto salió con más de un manifiesto. Haga un aviso de expedición para cada manifiesto, uno tras otro."
    ),
    "notice.made": "Aviso de expedición {ref} creado. Pedidos en camino: {orders}.",
    "vendor.none": "{qty} de {sku} no se puede enviar. Teclee más de cero o quite la línea.",
    "vendor.too_few": "Solo hay {here} de {sku} {where}, no {qty}. Cuente lo que hay o envíe menos.",
    "vendor.serials": (
        "{qty} de {sku} no cuadra con los números de serie ({serials}). Escanee cada unidad una vez, sin dejar "
        "ninguna."
    ),
    "vendor.unit_elsewhere": (
        "El número de serie {serial} de {sku} está {where}, según lo registrado aquí. Escanee el número de la unidad."
    ),
    "vendor.shipped": "Unidades que se devuelven a {vendor}: {units}.",
    # the end of a day
    "day.left": (
        "Falta por hacer (paquetes sin precintar: {unsealed}; precintados sin cargar: {not_loaded}; etiquetas en "
        "espera: {labels}; registros sin enviar a la central: {unsent}; registros detenidos: {parked}). Revise la "
        "lista o cierre el día así."
    ),
    "day.closed_already": "{day} ya está cerrado. Lo hecho desde entonces cuenta para el día siguiente.",
    "day.closed": "{day} está cerrado. Paquetes enviados: {dispatched}; manifiestos: {manifests}.",
}
