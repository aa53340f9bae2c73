"""What is said of counts, in Spanish."""

SENTENCES = {
    # at the shelf
    "count.none": "No hay ningún recuento abierto aquí. Escanee la ubicación que se va a contar.",
    "count.no_task": (
        "No hay ningún recuento pedido para {location}. Escanee otra ubicación o pida este recuento al supervisor."
    ),
    "count.opened": "Cuente {what} en {location}. Escanee primero {location}.",
    "count.begun": "{location}: escanee {what}. Al terminar, escanee otra vez {location}.",
    "count.other_open": "Aquí se está contando {open}. Termine ese recuento antes de empezar otro.",
    "count.elsewhere": "{location} se está contando en {workplace}. Cuente otra ubicación.",
    "count.other_worker": (
        "{name} ya contó {location} y hace falta un segundo par de ojos. Deje este recuento a otra persona."
    ),
    "count.location_first": "No se cuenta nada antes de llegar al lugar. Vaya a {location} y escanéela.",
    "count.wrong_location": "Esto es {location} y el recuento es de {wanted}. Vaya a {wanted}.",
    "count.only": "Este recuento es solo de {wanted}. Deje {got} donde está.",
    "count.condition": (
        "Las unidades dañadas no cuentan como stock. Apártelas, avise al supervisor y cuente el resto."
    ),
    "count.empty_asked": "No se contó nada en {location}. Si está vacía, escanee otra vez {location}.",
    "count.right": "Recuento de {location} terminado: todo coincide con lo esperado.",
    "count.corrected": "Recuento de {location} terminado. Corregido: {items}.",
    "count.recount": (
        "Recuento de {location} terminado. No coincide con lo esperado, así que otra persona volverá a contar."
    ),
    # what a supervisor does
    "count.asked": "Se contará {location}: {reason}.",
    "count.asked_already": "Ya hay un recuento abierto de {location} ({reason}). Espere a que termine.",
    "count.no_location": "Aquí no existe la ubicación {location}. Mire su etiqueta y vuelva a teclearla.",
    "count.no_product": "Aquí no existe el artículo {sku}. Busque su número en la lista.",
    "count.planned": "Ubicaciones que se contarán: {many}.",
    "count.none_due": "Ninguna ubicación tiene un recuento pendiente.",
    "count.unknown": "Aquí no existe el recuento {id}. Elija uno de la lista.",
    "count.settled_already": "El recuento de {location} está cerrado. Si no es correcto, pida uno nuevo.",
    "count.nothing_counted": (
        "Nadie ha contado todavía {location} y no hay nada que aceptar. Haga que se cuente o anule el recuento."
    ),
    "count.moved_since": (
        "Desde el recuento salió de {location} más {sku} de lo que había. Haga que se cuente otra vez."
    ),
    "count.kept": "El recuento de {location} está cerrado. El stock queda como estaba registrado.",
    "stock.adjusted": "{qty} de {item} en {location}: corregido, antes {before} ({reason}).",
    "stock.as_it_is": "{qty} de {item} en {location}: ya estaba registrado así.",
    "stock.negative": "{qty} de {item} no es posible. Teclee cero o más.",
    "stock.serials": "{item} lleva números de serie y no basta con una cantidad. Pida un recuento de {location}.",
}
