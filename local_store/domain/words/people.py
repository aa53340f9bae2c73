"""What is said of people."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    "worker.signed_in": (Tone.COUNTED, "Hello {name}."),
    "worker.signed_out": (Tone.NOTE, "{name} is signed out."),
    "worker.already": (Tone.NOTE, "{name} is signed in here already."),
    "worker.none": (Tone.REFUSED, "Nobody is signed in here. Scan your badge first."),
    "worker.busy": (Tone.REFUSED, "{name} has work open here. Finish it or sign {name} out first."),
    "worker.role": (Tone.REFUSED, "{name} may not {work}. Ask a supervisor for the role {role}."),
    "worker.leaves_work": (Tone.NOTE, "{name} is signed out. What is open here stays open for the next badge."),
    "worker.may_not": (Tone.REFUSED, "{name} may not do this: it is for {roles}. Ask a supervisor."),
    "worker.may_not_approve": (
        Tone.REFUSED,
        "{name} cannot allow this. Another person who is a supervisor here scans their badge.",
    ),
    "worker.badges_ended": (
        Tone.REFUSED,
        "{name} may not sign in or allow anything: badges were good until {until}; HQ renews them once it answers.",
    ),
    "pin.nobody": (Tone.REFUSED, "Nobody called {person} is known here. Look at the list of people again."),
    "pin.free": (Tone.NOTE, "{name} can try their PIN already."),
    "pin.unlocked": (Tone.NOTE, "{name} can try their PIN again."),
    "device.registered": (Tone.NOTE, "{device} is known here now."),
}
