"""What is said of inspections and holds, in Spanish."""

SENTENCES = {
    "qc.unknown": (
        "{id} no es un pedido, una devolución ni una recepción que se conozca aquí. Busque su número en la lista."
    ),
    "qc.already": "{id} ya se está inspeccionando.",
    "qc.started": "Inspección de {id}. Unidades por revisar: {units} de {all}.",
    "qc.none": "Aquí no existe la inspección {id}. Empiece una primero.",
    "qc.over": "La inspección de {id} está resuelta. Si se encontró algo más, empiece una nueva.",
    "qc.no_photo": "La foto {sha256}… no está en esta estación. Envíela primero y después regístrela.",
    "qc.recorded": "Registrado. Unidades revisadas: {seen} de {wanted}.",
    "qc.too_few": "{id}, unidades revisadas: {seen} de {wanted}. Inspeccione las demás y después resuelva.",
    "qc.resolved": "Registrado: {id}, decisión: {disposition}.",
    "hold.what": "Indique qué se bloquea: un artículo, un lote o una unidad de él, o una ubicación.",
    "hold.held": "Bloqueado: {goods}. Nadie puede recogerlo ni embalarlo hasta que se libere.",
    "hold.none": "Aquí no existe el bloqueo {id}. Vuelva a mirar la lista.",
    "hold.released": "Liberado: {goods}.",
    "hold.taken": (
        "{item} no se debe tomar: hay un bloqueo sobre {goods} ({reason}). Déjelo y pregunte a control de calidad."
    ),
}
