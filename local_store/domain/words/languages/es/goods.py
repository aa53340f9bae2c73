"""What is said of goods that come in or back, and of counts, in Spanish."""

SENTENCES = {
    "goods.badge": "Esta credencial no se conoce aquí. Un supervisor debe escanear la suya.",
    "goods.role": "{name} no puede registrar mercancía ni recuentos. Pregunte al supervisor.",
    "goods.no_product": "Aquí no existe el artículo {sku}. Busque su número en la lista.",
    "goods.none": "{qty} de {sku} no es una entrada. Quite la línea o teclee lo que llegó.",
    "goods.negative": "{qty} de {item} no es posible. Teclee cero o más.",
    "goods.serials": (
        "{qty} de {sku} no cuadra con los números de serie ({serials}). Cuente otra vez o vuelva a escanearlos."
    ),
    "goods.serial_twice": "El número de serie {serial} de {sku} está repetido. Escanee cada unidad una sola vez.",
    "goods.against": (
        "Indique a qué aviso de entrega u orden de compra corresponde, o regístrelo como entrada sin aviso."
    ),
    "goods.blind": "Una entrada sin aviso es para mercancía que nadie anunció. Quite el aviso de entrega.",
    "goods.received": "Registrado. Unidades recibidas: {units}; líneas: {lines}.",
    "goods.counted": "Registrado: {qty} de {sku} {place}.",
}
