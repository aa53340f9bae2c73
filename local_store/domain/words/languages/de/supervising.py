"""What is said of work that HQ took back or changed, in German."""

SENTENCES = {
    "work.asks": "{sentence} Hier wird nichts gezählt, bevor die Schichtleitung entschieden hat.",
    "exception.badge": "Dieser Ausweis ist hier nicht bekannt. Die Schichtleitung scannt ihren, um zu entscheiden.",
    "exception.role": "{name} darf das nicht entscheiden. Fragen Sie die Schichtleitung.",
    "exception.none": "Zu {exception} gibt es nichts zu entscheiden. Sehen Sie noch einmal in die Liste.",
    "exception.no_step": "„{choice}“ ist für {title} nicht möglich. Wählen Sie eines von: {offered}.",
    "exception.moved_on": (
        "{title} ging weiter, seit das gefragt wurde: Stand {stage}. Die Zentrale wird noch einmal gefragt; "
        "entscheiden Sie, was dann gezeigt wird."
    ),
    "exception.label_busy": (
        "Das Etikett von {title} ist auf dem Weg zum Drucker. Warten Sie, bis das vorbei ist, und machen Sie es "
        "dann ungültig."
    ),
    "exception.held": "{title} ist angehalten. Entscheiden Sie noch einmal, wenn es klar ist.",
    "exception.goes_on": "{title} geht weiter wie bisher.",
    "exception.gone_back": "{title} ist nicht mehr hier. Wieder im Bestand: {goods}.",
    "exception.gone": "{title} ist nicht mehr hier.",
    "exception.changed": "{title} ist jetzt, wie die Zentrale es will.",
    "exception.void": "Das Etikett von {title} ist ungültig. Vernichten Sie es und stellen Sie das Paket beiseite.",
    # was die Schichtleitung einteilt
    "give.no_list": "Eine offene Pickliste {picklist} gibt es hier nicht. Sehen Sie noch einmal in die Liste.",
    "give.no_worker": "{worker} kommissioniert hier nicht. Wählen Sie eine Person aus der Liste.",
    "give.busy": "{picklist} ist an {workplace} in Arbeit. Lassen Sie sie zuerst dort übergeben.",
    "give.done": "{picklist} ist jetzt für {worker}.",
    "give.anybody": "{picklist} ist für alle, die sie nehmen.",
    "give.others": "{picklist} ist für {worker}. Wählen Sie eine andere oder fragen Sie die Schichtleitung.",
    "prioritise.done": "{picklist}: Die Priorität ist jetzt {priority}.",
    "wave.listed": (
        "Auftrag {order} steht schon auf einer Liste oder ist schon angefordert. Lassen Sie ihn aus der Welle."
    ),
    "wave.twice": "Auftrag {order} ist doppelt in der Welle. Nennen Sie ihn einmal.",
    "wave.requested": "Die Welle ist angefordert, Aufträge: {orders}. Die Pickliste kommt von der Zentrale.",
    "task.created": "Die Aufgabe steht als {task} in der Liste.",
    "task.none": "Eine Aufgabe {task} gibt es hier nicht. Sehen Sie noch einmal in die Liste.",
    "task.taken": "Aufgabe {task} gehört {worker}. Nehmen Sie eine andere.",
    "task.done_before": "Aufgabe {task} ist schon erledigt. Nehmen Sie eine andere.",
    "task.claimed": "Aufgabe {task} gehört Ihnen, „{instructions}“.",
    "task.completed": "Aufgabe {task} ist erledigt.",
}
