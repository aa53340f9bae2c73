"""What is said of labels and files, in Spanish."""

SENTENCES = {
    # labels
    "label.confirmed": "La etiqueta {sscc} está en el pedido {order}.",
    "label.known": "Esta es la etiqueta del pedido {order}.",
    "label.checked": "La etiqueta {sscc} está en el pedido {order}.",
    "label.still_waits": "La etiqueta {sscc} del pedido {order} espera la impresión.",
    "label.swapped": (
        "Esta es la etiqueta del pedido {order} y la caja de aquí es del pedido {wanted}. Quítela, pegue la etiqueta "
        "{wanted_sscc} y busque la caja del pedido {order}."
    ),
    "label.other_came_out": (
        "Esta es la etiqueta del pedido {order}: sí salió. La caja de aquí es del pedido {wanted}; escanee en ella "
        "la etiqueta {wanted_sscc}."
    ),
    "label.voided_scan": "La etiqueta {sscc} del pedido {order} está anulada y no se debe usar. Destrúyala.",
    "label.older_copy": (
        "Esta es una etiqueta anterior del pedido {order}. Destrúyala y escanee la que dice COPY {copy}."
    ),
    "label.check_first": "Escanee la etiqueta de la caja del pedido {order} antes de abrir otro pedido.",
    "label.settle_first": (
        "La etiqueta {sscc} del pedido {order} aún no está en su caja. Resuélvala primero en la lista de etiquetas."
    ),
    "label.decided_out": "La etiqueta {sscc} se da por impresa. Escanéela cuando esté en la caja.",
    "label.reprint": "La etiqueta {sscc} se imprime otra vez, con COPY {copy}. Destruya la otra si aparece.",
    "label.settled": "La etiqueta {sscc} no necesita decisión, estado: {state}.",
    "label.released": "La etiqueta {sscc} se imprime ahora.",
    "label.discarded": "La etiqueta {sscc} está descartada. Queda en la lista por si hace falta.",
    "label.no_reprint": (
        "Etiqueta {sscc}, estado: {state}; solo se puede imprimir otra vez una etiqueta que haya salido. Resuélvala "
        "en la lista."
    ),
    "label.copy_waits": (
        "Ya se pidió otra copia de la etiqueta {sscc}. Resuelva primero esa en la lista de etiquetas."
    ),
    "label.voided": "La etiqueta {sscc} está anulada y su número no se usará nunca más. Destruya la etiqueta.",
    "label.no_void": "Etiqueta {sscc}, estado: {state}. Espere a que eso termine y después anúlela.",
    "label.no_number": "La etiqueta {title} no tiene número que anular. Tírela.",
    "label.asked": "Ya sale la etiqueta {title}.",
    "label.not_plain": "{template} no es una etiqueta que se imprima por separado. Las que hay: {known}.",
    "label.unknown": "No existe el trabajo de impresión {job}. Consulte la lista de etiquetas.",
    # files
    "carrier_label.kept": "La etiqueta del transportista para el pedido {order} está aquí.",
    "carrier_label.known": "La etiqueta del transportista para el pedido {order} ya estaba aquí.",
    "carrier_label.no_parcel": "{id} no se conoce aquí, así que su etiqueta del transportista no se guarda.",
    "carrier_label.again": (
        "La etiqueta {sscc} se imprime otra vez, tal como la hizo el transportista. Destruya la otra si aparece."
    ),
    "file.no_room": (
        "No hay espacio para otro archivo: una estación guarda {most} MB como máximo. Los antiguos se borran solos "
        "por la noche."
    ),
}
