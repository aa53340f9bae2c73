"""What is said of packing and the scale, in Spanish."""

SENTENCES = {
    # packing
    "pack.none": "No hay ningún paquete abierto. Escanee una cubeta o un pedido.",
    "pack.opened": "Pedido {order}, líneas por verificar: {lines}. Escanee {item}.",
    "pack.already": "El pedido {order} ya está abierto.",
    "pack.other_open": "El pedido {open} está abierto. Precíntelo antes de {order}.",
    "pack.not_picked": "El pedido {order} aún no tiene el picking hecho. Tome otra cubeta.",
    "pack.elsewhere": "El pedido {order} se está embalando en {workplace}. Tome otra cubeta.",
    "pack.packed": "El pedido {order} ya está embalado. Tome otra cubeta.",
    "pack.nothing_picked": "Para el pedido {order} no se recogió nada. Lleve la cubeta al supervisor.",
    "pack.unknown": "{id} no se conoce aquí. Escanee una cubeta o un pedido.",
    "pack.not_in_order": "{got} no es del pedido {order}. Apártelo y escanee {item}.",
    "pack.not_in_order_all_in": "{got} no es del pedido {order}. Apártelo; ya está todo dentro.",
    "pack.counted": "{item}: {packed} de {qty}.",
    "pack.line_done": "{item}: {qty} de {qty}. Línea lista.",
    "pack.all_done": "Está todo dentro. Cierre la caja y póngala en la báscula.",
    "pack.too_many": "{item}: el máximo es {qty} y el recuento va en {packed}. Saque {extra}.",
    "pack.line_full": "{got} ya está completo en el pedido {order}. Sáquelo y escanee {item}.",
    "pack.line_full_all_in": "{got} ya está completo en el pedido {order}. Sáquelo; ya está todo dentro.",
    "pack.nothing_left": "Está todo dentro. Pese el paquete.",
    "pack.undone": "Deshecho: {item} va en {packed} de {qty}.",
    "pack.nothing_to_undo": "Aún no se ha contado nada en este paquete. Escanee primero un artículo.",
    "pack.not_verified": "Líneas sin verificar: {open} de {lines}. Escanee {item}.",
    "pack.weighed": "{weight}. Precinte el paquete.",
    "pack.not_weighed": "El paquete aún no está pesado. Póngalo en la báscula y pese.",
    "pack.wrong_weight": "{found} Revise lo que hay en la caja y pese otra vez o indique un motivo.",
    "pack.sealed": "Pedido {order} precintado. Ya sale su etiqueta {sscc}.",
    "pack.sealed_numbered": "Pedido {order} precintado como {package}. Ya sale su etiqueta {sscc}.",
    "pack.no_numbers": (
        "Aquí no quedan números ({what}). Aparte el paquete y avise a Sistemas: los asigna la central, o "
        "numbers.{kind} en edge.toml."
    ),
    # several parcels, several orders
    "pack.next_parcel": (
        "El paquete {number} está abierto; el paquete {full} espera la báscula. Escanee {item} para el paquete "
        "{number}."
    ),
    "pack.parcel_empty": "El paquete {number} aún está vacío. Ponga algo dentro antes de empezar el siguiente.",
    "pack.too_many_parcels": (
        "El pedido {order} ya tiene el máximo de paquetes: {most}. Ponga el resto en uno de ellos."
    ),
    "pack.parcel_chosen": "Paquete {number} del pedido {order}: lo que escanee ahora va dentro.",
    "pack.no_parcel": "El pedido {order} no tiene un paquete {number}. Elija uno de la pantalla.",
    "pack.parcel_closed": (
        "El paquete {number} del pedido {order} está precintado y ya no cambia. Elija otro o pida que lo anulen."
    ),
    "pack.not_in_parcel": (
        "No se puede pasar {qty} de {sku}: en el paquete {number} hay {held}. Cuente lo que hay e indique otro "
        "paquete de destino."
    ),
    "pack.which_serials": (
        "Indique qué unidades pasan: el paquete {number} contiene los números de serie {serials}. Escanee uno por "
        "cada unidad."
    ),
    "pack.repacked": "{qty} de {item}: del paquete {source} al paquete {target}.",
    "pack.parcel_weighed": "Paquete {number}: {weight}. Precíntelo.",
    "pack.parcel_sealed": (
        "Paquete {number} del pedido {order} precintado; ya sale su etiqueta {sscc}. Siga con {item}."
    ),
    "pack.parcel_sealed_all_in": (
        "Paquete {number} del pedido {order} precintado; ya sale su etiqueta {sscc}. Siga con el siguiente paquete."
    ),
    "pack.resumed": "Ahora sigue el pedido {order}. Escanee {item}.",
    "pack.resumed_all_in": "Ahora sigue el pedido {order}, con todo dentro. Péselo y precíntelo.",
    "pack.short": "{item}: faltante de {missing} ({reason}).",
    "pack.nothing_there": "Así no se enviaría nada del pedido {order}. Lleve la cubeta al supervisor.",
    # serial numbers
    "pack.wants_serial": "{item}: escanee su número de serie.",
    "pack.serials_singly": "{item} lleva números de serie. Escanee cada unidad y después su número de serie.",
    "pack.serial_twice": "El número de serie {serial} de {item} ya está dentro. Escanee la siguiente unidad.",
    "pack.serial_packed": (
        "El número de serie {serial} de {item} está en otro paquete. Aparte la unidad y avise al supervisor."
    ),
    "pack.serial_not_picked": (
        "El número de serie {serial} de {item} no se recogió para el pedido {order}. Aparte la unidad y tome una de "
        "la cubeta."
    ),
    # before a parcel is sealed
    "pack.confirm_first": "Lea esto y confírmelo antes de precintar: {note} Escanee CONFIRM o tóquelo.",
    "pack.confirmed": "Notas confirmadas: {notes}; por confirmar: {left}.",
    "pack.no_note": "El pedido {order} no tiene esa nota por confirmar. Siga embalando.",
    "pack.photo_first": "Haga una foto del paquete {number} del pedido {order} y después precíntelo.",
    "pack.no_photo": "Esa foto del pedido {order} no está aquí. Hágala otra vez y envíela primero.",
    "pack.photographed": "La foto del paquete {number} está guardada.",
    "pack.carton": "Caja del paquete {number}: {carton}.",
    "pack.no_carton": "Aquí no existe la caja {carton}. Elija una de la lista.",
    "pack.material": "{qty} de {material} en el paquete {number}.",
    "pack.material_none": "{qty} de {material} no es posible. Teclee la cantidad que puso dentro.",
    "pack.measured": "Medidas del paquete {number}: {size}.",
    # after a parcel is sealed
    "pack.void_unknown": "Aquí no existe un paquete precintado {package}. Escanee otra vez su etiqueta.",
    "pack.void_approval": "El paquete {package} está precintado. Un supervisor debe autorizar que se abra.",
    "pack.voided": (
        "El paquete {package} está anulado. Destruya su etiqueta {sscc}, saque todo y embale de nuevo el pedido "
        "{order}."
    ),
    "pack.not_all_packed": "El pedido {order} no está embalado. Precinte primero sus paquetes.",
    "pack.shipment_asked": "Envío del pedido {order} solicitado, paquetes: {parcels}.",
    "pack.shipment_known": "El envío del pedido {order} ya estaba solicitado: no se cambió nada.",
    # parcels that are told whole
    "pack.session_of_other": "La sesión es para {worker} y la clave es de {name}. Use la clave de quien embala.",
    "pack.package_taken": "El paquete {package} ya se conoce aquí. Dé a cada paquete su propio número.",
    "pack.no_package": "Aquí no existe el paquete {package}. Embálelo primero.",
    "pack.no_lines": (
        "Paquete {package}: ningún pedido tiene todas las líneas {lines}, cada una una vez. Indique de qué pedido "
        "son."
    ),
    "pack.item_wrong": (
        "{qty} de {item} no cuadra con los números de serie ({serials}). Indique la cantidad y el número de serie de "
        "cada unidad."
    ),
    "pack.two_hqs": (
        "Los pedidos {orders} son de centrales distintas. Informe los paquetes de cada central en una llamada aparte."
    ),
    "pack.recorded": "Registrado. Paquetes embalados y pesados: {parcels}.",
    # scale
    "scale.none": "Ninguna báscula dio un peso. Compruebe que está encendida y conectada y pese otra vez.",
    "scale.moving": "La báscula no está estable. Suelte el paquete y pese otra vez.",
    "scale.old": "La báscula no ha dado un peso nuevo desde que lo pidió. Pese otra vez.",
    "scale.over": "El paquete pesa demasiado para la báscula. Use una mayor.",
    "scale.under": "La báscula está por debajo de cero. Vacíela, póngala a cero y pese otra vez.",
    "scale.fault": "La báscula indica un fallo ({fault}). Apáguela, enciéndala y pese otra vez.",
    "scale.not_emptied": (
        "La báscula no se ha vaciado desde el último paquete. Retire el paquete, espere a que marque cero, póngalo "
        "otra vez y pese."
    ),
    "scale.empty": "La báscula marca {weight}. Ponga el paquete encima y pese otra vez.",
}
