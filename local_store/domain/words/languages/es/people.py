"""What is said of people, in Spanish."""

SENTENCES = {
    "worker.signed_in": "Hola, {name}.",
    "worker.signed_out": "Sesión de {name} cerrada.",
    "worker.already": "{name} ya tiene la sesión abierta aquí.",
    "worker.none": "Aquí no hay ninguna sesión abierta. Escanee primero su credencial.",
    "worker.busy": "{name} tiene aquí un trabajo sin terminar. Termínelo o cierre primero la sesión de {name}.",
    "worker.role": "{name} no puede trabajar aquí ({work}). Pida al supervisor el rol de {role}.",
    "worker.leaves_work": "Sesión de {name} cerrada. El trabajo queda pendiente aquí para la siguiente credencial.",
    "worker.may_not": "{name} no puede hacer esto: hace falta el rol de {roles}. Pregunte al supervisor.",
    "worker.may_not_approve": (
        "{name} no puede autorizar esto. Debe escanear su credencial otra persona que sea supervisor aquí."
    ),
    "worker.badges_ended": (
        "{name} no puede iniciar sesión ni autorizar nada: las credenciales valían hasta {until}. La central las "
        "renueva en cuanto responda."
    ),
    "pin.nobody": "Aquí no se conoce a nadie como {person}. Vuelva a mirar la lista de personas.",
    "pin.free": "{name} ya puede probar su PIN.",
    "pin.unlocked": "{name} puede volver a probar su PIN.",
    "device.registered": "{device} ya se conoce aquí.",
}
