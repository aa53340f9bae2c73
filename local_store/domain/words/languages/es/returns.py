"""What is said of goods that come back, in Spanish."""

SENTENCES = {
    "return.created": "Devolución {id} del pedido {order} anunciada.",
    "return.created_label": "Devolución {id} del pedido {order} anunciada. Ya sale su etiqueta.",
    "return.number_taken": "Ya existe una devolución {number}. Deje el número en blanco o indique otro.",
    "return.no_line": (
        "La línea {line} del pedido {order} no se conoce aquí con este artículo. Indique el artículo de esa línea."
    ),
    "return.line_twice": "La línea {line} está repetida. Sume las dos.",
    "return.unknown": "Aquí no existe la devolución {id}. Busque su número en la lista.",
    "return.through": "La devolución {id} ya no lo permite, estado: {status}. Aparte lo que llegó.",
    "return.still_coming": (
        "En {workplace} se está contando más de la devolución {id}. Complete eso primero y después inspeccione lo "
        "último."
    ),
    "return.left": "La devolución {id} ya se cerró aquí, estado: {status}. Escanee la siguiente devolución.",
    "return.received": "Registrado. Unidades recibidas de la devolución {id}: {units}.",
    "return.nothing_waits": (
        "De la devolución {id} no hay nada por inspeccionar, estado: {status}. Reciba primero lo que llegó."
    ),
    "return.more_than_came": (
        "No se puede revender {qty} de la devolución {id}: por inspeccionar hay {total}. Teclee de cero a {total}."
    ),
    "return.which_line": (
        "La devolución {id} tiene varias líneas. Indique de qué línea son las unidades que se pueden revender."
    ),
    "return.which_serials": (
        "Las unidades de la devolución {id} llevan números de serie. Indique los de las que se pueden revender, "
        "cantidad: {qty}."
    ),
    "return.inspected": "Registrado: devolución {id}, decisión: {disposition}. Se puede revender: {qty}.",
    "return.not_yet": "Devolución {id}, estado: {status}. Se completa cuando todo lo que llegó esté inspeccionado.",
    "return.completed": "Registrado: devolución {id} resuelta.",
    "return.ship_back": "La devolución {id} va a su proveedor. La central crea el pedido; haga entonces el picking.",
    "return.ships_back": "La devolución {id} ya va a su proveedor. Busque su pedido.",
    "return.nothing_to_ship": (
        "De la devolución {id} no se ha vuelto a almacenar nada, así que no hay nada que recoger. Inspecciónela "
        "primero."
    ),
    # at the workplaces
    "return.not_known": (
        "{code} no es una devolución conocida aquí. Escanee su número o su pedido, o anúnciela primero."
    ),
    "return.several": "El pedido {order} tiene varias devoluciones: {ids}. Escanee el número de una.",
    "return.opened": "Devolución {id}, líneas esperadas: {lines}. Escanee lo que llegó.",
    "return.inspect": (
        "Devolución {id}, unidades por inspeccionar: {units}. Escanee qué se hace con ellas y después los artículos."
    ),
    "return.already": "La devolución {id} ya está abierta.",
    "return.other_open": "La devolución {open} está abierta. Complétela antes de {id}.",
    "return.nothing_came": "De la devolución {id} no llegó nada, estado: {status}. Recíbala primero.",
    "return.unexpected": "{sku} está contado, pero la devolución {id} ya no espera más. Queda registrado como llegó.",
    "return.nothing_counted": "Aún no se ha contado nada de la devolución {id}. Escanee primero un artículo.",
    "return.to": "Lo que escanee ahora: {disposition}.",
    "return.disposition_first": (
        "Indique primero qué se hace con él: escanee en la pared uno de estos, {choices}, y después el artículo."
    ),
    "return.not_waiting": "{item}: de la devolución {id} solo hay {qty} por inspeccionar. Aparte esta unidad.",
    "return.other_serial": (
        "El número de serie {serial} de {item} no llegó con la devolución {id}. Aparte esta unidad."
    ),
    "return.some_inspected": "Registrado. Unidades de la devolución {id} por inspeccionar: {left}.",
    "return.all_inspected": "Registrado. Todo lo que llegó de la devolución {id} está inspeccionado: complétela.",
    "return.serial_back": (
        "El número de serie {serial} de {item} ya volvió y espera inspección. Revise la etiqueta."
    ),
}
