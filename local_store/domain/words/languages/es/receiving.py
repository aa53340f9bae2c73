"""What is said of goods that come in and are put away, in Spanish."""

SENTENCES = {
    # opening
    "receive.none": (
        "Aquí no hay nada abierto. Escanee el número o un palet de lo anunciado, o BLIND para otra mercancía."
    ),
    "receive.unknown": (
        "{code} no está anunciado aquí. Revise la documentación o escanee BLIND para recibirlo sin aviso."
    ),
    "receive.opened": "{number} abierto: anunciado {expected}, recibido {received}. Escanee la mercancía.",
    "receive.blind": "Escanee la mercancía sin aviso. Escanee BLIND otra vez cuando esté todo contado.",
    "receive.busy": "{work} está sin terminar aquí. Complételo primero y después escanee otra vez {asked}.",
    "receive.closed": "{number} está cerrado. Reábralo o reciba la mercancía como BLIND.",
    # scanning
    "receive.no_location": "{location} es una ubicación. Escanee aquí la mercancía; se almacena después.",
    "receive.pallet": "Palet {sscc} contado entero. Unidades: {units}; líneas: {lines}.",
    "receive.pallet_again": "El palet {sscc} ya está contado. Apártelo y escanee el siguiente.",
    "receive.pallet_elsewhere": (
        "El palet {sscc} es de {number}. Complete lo que está abierto aquí y escanee otra vez el palet."
    ),
    "receive.container": "{sscc} abierto: escanee lo que contiene y otra vez {sscc} cuando esté todo contado.",
    "receive.container_shut": "{sscc} contado, unidades: {units}. Escanee lo siguiente.",
    "receive.serial_here": (
        "El número de serie {serial} de {item} ya está en stock ({account}). Revise la etiqueta o pregunte al "
        "supervisor."
    ),
    "receive.expires": (
        "{item} caduca el {day} y no debe caducar antes del {wanted}. Rechácelo o pida al supervisor que lo autorice."
    ),
    "receive.over": (
        "{item}: anunciado {announced}, y {total} sería demasiado. Rechace el resto o pida al supervisor que lo "
        "autorice."
    ),
    "receive.unexpected": "{item} no está anunciado en {number}. Rechácelo o pida al supervisor que lo autorice.",
    "receive.weigh_each": "Cada unidad de {item} se pesa. Escanéela y póngala en la báscula.",
    "receive.no_photo": "La foto {sha256} no está en esta estación. Hágala otra vez.",
    "receive.waits": "{item} está en mano y sin contar; falta: {missing}. Indíquelo o siga escaneando.",
    # the end
    "receive.done": "Registrado. Unidades recibidas: {units}; líneas: {lines}.",
    "receive.nothing": "No se contó nada, así que no se registra nada.",
    # announcements
    "inbound.none": "{inbound} no está anunciado aquí. Busque su número en la lista.",
    "inbound.counting": "{name} todavía está contando mercancía de {number}. Complete eso primero.",
    "inbound.needs_second": (
        "{what}: hace falta una segunda persona. Un supervisor lo autoriza con su credencial y su PIN."
    ),
    "inbound.allowed": "Autorizado: {what}.",
    "inbound.allow_what": "Una autorización es para una sola cosa. Indique la cantidad o la fecha de caducidad.",
    "inbound.closed": "{number} cerrado: recibido {received} de {expected}.",
    "inbound.closed_already": "{number} ya está cerrado. No se cambió nada.",
    "inbound.reopened": "{number} está abierto otra vez. Escanee lo que llegó.",
    "inbound.open_already": "{number} está abierto. Escanee lo que llegó.",
    "inbound.rejected": "Rechazado: {qty} de {item}. No entra en stock; vuelve con el conductor.",
    "receipt.none": "Aquí no existe la recepción {receipt}. Busque su número en la lista.",
    "receipt.no_line": "La recepción {receipt} no tiene la línea {line}. Sus líneas se cuentan desde 0.",
    "receipt.no_change": "Línea {line}: un cambio de 0 no dice nada. Quite la línea.",
    "receipt.twice": "La línea {line} está repetida. Sume los dos cambios.",
    "receipt.too_few": "Línea {line}: lo recibido de {sku} es {qty}. No quite más que eso.",
    "receipt.gone": (
        "Línea {line}: de {sku} ya solo hay {qty} {account}. Devuelva primero el resto o cuente la ubicación."
    ),
    "receipt.serials": "Línea {line}: {sku} lleva números de serie. Indique uno por cada unidad que se corrige.",
    "receipt.corrected": "Registrado: recepción {receipt} corregida, líneas: {lines}.",
    # put-away
    "put_away.none": "No hay nada en mano. Escanee un artículo o un palet del muelle de recepción.",
    "put_away.unknown": "{code} no se conoce aquí. Escanee un artículo o un palet del muelle de recepción.",
    "put_away.not_on_dock": (
        "{item}: en el muelle de recepción hay {qty}. Reciba primero más o escanee otra mercancía."
    ),
    "put_away.pallet_gone": (
        "{sscc} no está en el muelle de recepción. Escanee otro palet o los artículos uno por uno."
    ),
    "put_away.take": "En mano: {what}. Llévelo a {location} y escanee la ubicación.",
    "put_away.take_anywhere": (
        "En mano: {what}. No tiene ubicación propuesta: llévelo a donde quepa y escanee la ubicación."
    ),
    "put_away.in_hand": "Ya tiene en mano: {what}. Llévelo primero a {location} o devuélvalo (Deshacer).",
    "put_away.whole_pallet": "Tiene en mano un palet entero. Llévelo a su sitio o devuélvalo (Deshacer).",
    "put_away.scan_serial": "{item} lleva números de serie. Escanee el número de serie de cada unidad.",
    "put_away.has_serial": "El número de serie {serial} ya está en mano. Escanee la siguiente unidad.",
    "put_away.serial_gone": (
        "El número de serie {serial} de {item} no está en el muelle de recepción o lo tiene otra persona. Escanee el "
        "número de la unidad."
    ),
    "put_away.unit_left": (
        "El número de serie {serial} de {item} ya no está en el muelle de recepción. Devuelva la unidad (Deshacer) y "
        "escanee lo que hay."
    ),
    "put_away.full": "{location} tiene espacio para {room} más y hay {qty} en mano. Llévelo a {proposal}.",
    "put_away.not_mixed": "{location} ya contiene {other} y solo admite un artículo. Llévelo a {proposal}.",
    "put_away.mixed": "{location} solo admite un artículo y en mano hay varios. Llévelo a {proposal}.",
    "put_away.done": "Almacenado en {location}: {what}. Escanee lo siguiente.",
    "put_away.laid_back": "De vuelta en el muelle de recepción: {what}.",
    "put_away.nothing_to_undo": (
        "No hay nada en mano. Lo que ya está en una ubicación se mueve con un traslado de stock."
    ),
    "stock_move.same": "Ya está en {location}. Indique otra ubicación.",
    "stock_move.no_location": "Aquí no existe la ubicación {location}. Escanee su etiqueta.",
    "stock_move.no_product": "Aquí no existe el artículo {sku}. Busque su número en la lista.",
    "stock_move.serials": (
        "{qty} de {sku} no cuadra con los números de serie ({serials}). No indique más de los que se mueven."
    ),
    "stock_move.serial_elsewhere": (
        "El número de serie {serial} de {sku} no está en {location}. Escanee otra vez las unidades de ahí."
    ),
    "stock_move.done": "Registrado: {qty} de {sku}, de {source} a {target}.",
    "goods_label.no_place": "No se ha indicado ningún puesto. Diga en cuál se imprimen las etiquetas.",
    "goods_label.asked": "Etiquetas de {item} en impresión: {copies}.",
}
