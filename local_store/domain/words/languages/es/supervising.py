"""What is said of work that HQ took back or changed, in Spanish."""

SENTENCES = {
    "work.asks": "{sentence} Aquí no se cuenta nada hasta que un supervisor decida.",
    "exception.badge": "Esta credencial no se conoce aquí. Un supervisor debe escanear la suya para decidir.",
    "exception.role": "{name} no puede decidir esto. Pregunte al supervisor.",
    "exception.none": "No hay ninguna decisión pendiente {exception}. Vuelva a mirar la lista.",
    "exception.no_step": "La opción «{choice}» no es posible ({title}). Elija entre: {offered}.",
    "exception.moved_on": (
        "La situación cambió desde que se preguntó ({title}, fase actual: {stage}). Se pregunta otra vez "
        "a la central; decida sobre lo que se muestre entonces."
    ),
    "exception.label_busy": (
        "La etiqueta está en camino a la impresora ({title}). Espere a que eso termine y después anúlela."
    ),
    "exception.held": "En espera: {title}. Decida otra vez cuando esté claro.",
    "exception.goes_on": "Sigue como está: {title}.",
    "exception.gone": "Ya no está aquí: {title}.",
    "exception.changed": "Ahora está como quiere la central: {title}.",
    "exception.void": "Etiqueta anulada ({title}). Destrúyala y aparte el paquete.",
    # what a supervisor arranges
    "give.no_list": "Aquí no hay ninguna lista de picking {picklist} abierta. Vuelva a mirar la lista.",
    "give.no_worker": "{worker} no hace picking aquí. Elija a una persona de la lista.",
    "give.busy": "La lista {picklist} está en curso en {workplace}. Haga que la entreguen allí primero.",
    "give.done": "La lista {picklist} es ahora para {worker}.",
    "give.anybody": "La lista {picklist} es para quien la tome.",
    "give.others": "La lista {picklist} es para {worker}. Elija otra o pregunte al supervisor.",
    "prioritise.done": "Prioridad de la lista {picklist} ahora: {priority}.",
    "wave.listed": "El pedido {order} ya está en una lista o ya se pidió. Déjelo fuera de la ola.",
    "wave.twice": "El pedido {order} está repetido en la ola. Indíquelo una sola vez.",
    "wave.requested": "Pedidos solicitados en una sola ola: {orders}. La lista de picking llega de la central.",
    "task.created": "La tarea está en la lista como {task}.",
    "task.none": "Aquí no existe la tarea {task}. Vuelva a mirar la lista.",
    "task.taken": "La tarea {task} es de {worker}. Tome otra.",
    "task.done_before": "La tarea {task} ya está hecha. Tome otra.",
    "task.claimed": "La tarea {task} es suya: “{instructions}”.",
    "task.completed": "La tarea {task} está hecha.",
    "exception.gone_back": "Ya no está aquí: {title}. De vuelta en stock: {goods}.",
}
