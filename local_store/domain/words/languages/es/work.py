"""What is said of any command, in Spanish."""

SENTENCES = {
    "work.no_room": (
        "No se abre {work}: el disco de esta estación está lleno. Termine lo que está abierto y avise a Sistemas."
    ),
    "work.too_old": (
        "Días sin noticias de la central: {days}; pasados {most}, su trabajo ya no se empieza, porque "
        "puede estar cancelado. Termine lo que está abierto y avise a Sistemas."
    ),
    "quantity.bad": "{keyed} no es una cantidad. Teclee un número entero mayor que cero.",
    "quantity.scan_first": "Escanee {item} una vez antes de teclear una cantidad.",
    "quantity.fewer": "El recuento ya va en {counted} y usted tecleó {keyed}. Use Deshacer para quitar un recuento.",
    "quantity.same": "{item}: {counted} de {wanted} queda como está.",
    "work.kind": "Esto no es posible en {workplace} ({what}): el puesto es para otra cosa ({work}).",
    "work.received": "Recibido.",
    "work.answer_lost": (
        "Esto ya se hizo; su respuesta se perdió al dañarse el almacén de datos. Consulte la lista y siga desde ahí."
    ),
}
