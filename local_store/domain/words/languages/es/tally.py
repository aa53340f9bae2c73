"""What is said of goods that are tallied, whatever for, in Spanish."""

SENTENCES = {
    "tally.none": "Aquí no hay nada abierto. Escanee a qué pertenece la mercancía o elíjalo de la lista.",
    "tally.unknown": "{code} no se conoce aquí. Escanee el artículo o pida al supervisor que vincule el código.",
    "tally.not_for": "{code} es otra cosa ({thing}). Escanee un artículo.",
    "tally.item_first": "Aún no hay ningún artículo en mano. Escanee uno primero.",
    "tally.scan_first": (
        "Escanee un artículo antes de teclear una cantidad. Las unidades con número de serie se escanean."
    ),
    "tally.counted": "{item}: {qty} más, {total} en total.",
    "tally.at": "{location}: escanee lo que hay.",
    "tally.wants_lot": "{item}: escanee o teclee su lote.",
    "tally.wants_expiry": "{item}: escanee o teclee su fecha de caducidad.",
    "tally.wants_serial": "{item}: escanee su número de serie.",
    "tally.wants_weight": "{item}: póngalo en la báscula y pese.",
    "tally.serial_twice": "El número de serie {serial} de {item} ya está contado. Escanee cada unidad una sola vez.",
    "tally.serial_of_many": (
        "El número de serie {serial} es de una sola unidad y este código cuenta {qty}. Escanee la unidad misma."
    ),
    "tally.no_date": "{value} no es una fecha. Tecléela como año-mes-día, por ejemplo 2027-03-31.",
    "tally.no_value": "{value} no es válido ({name}). Teclee otra vez.",
    "tally.condition": "{item}: lo siguiente que escanee se cuenta así: {condition}.",
    "tally.amended": "Cambiado: {qty} de {item}, ahora {said}.",
    "tally.photographed": "La foto queda guardada con lo último contado: {qty} de {item}.",
    "tally.pallet_undone": "Deshecho: todo lo de {container}, líneas: {lines}.",
    "tally.undone": "Deshecho: {qty} de {item}, total ahora: {total}.",
    "tally.nothing_to_undo": "Aún no se ha contado nada. Escanee primero un artículo.",
    "tally.serial_elsewhere": (
        "El número de serie {serial} de {item} ya está contado en {workplace}. Búsquelo allí o deshaga "
        "allí ese recuento."
    ),
}
