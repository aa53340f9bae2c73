"""What is said of people, in German."""

SENTENCES = {
    "worker.signed_in": "Hallo {name}.",
    "worker.signed_out": "{name} ist abgemeldet.",
    "worker.already": "{name} ist hier schon angemeldet.",
    "worker.none": "Hier ist niemand angemeldet. Scannen Sie zuerst Ihren Ausweis.",
    "worker.busy": "{name} hat hier noch Arbeit offen. Schließen Sie sie ab oder melden Sie {name} zuerst ab.",
    "worker.role": "{name} darf hier nicht arbeiten ({work}). Bitten Sie die Schichtleitung um die Rolle {role}.",
    "worker.leaves_work": "{name} ist abgemeldet. Was hier offen ist, bleibt für den nächsten Ausweis offen.",
    "worker.may_not": "{name} darf das nicht, dafür braucht es: {roles}. Fragen Sie die Schichtleitung.",
    "worker.may_not_approve": (
        "{name} kann das nicht erlauben. Eine andere Person, die hier Schichtleitung ist, scannt ihren Ausweis."
    ),
    "worker.badges_ended": (
        "{name} kann sich nicht anmelden und nichts erlauben: Die Ausweise galten bis {until}; die Zentrale "
        "erneuert sie, sobald sie antwortet."
    ),
    "pin.nobody": "Eine Person {person} ist hier nicht bekannt. Sehen Sie noch einmal in die Liste.",
    "pin.free": "{name} kann die PIN schon eingeben.",
    "pin.unlocked": "{name} kann die PIN wieder eingeben.",
    "device.registered": "{device} ist hier jetzt bekannt.",
}
