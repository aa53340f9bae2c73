"""Lists that change hands with their progress, and the zone a picker works in. Pure."""

from __future__ import annotations

from local_store.domain import states
from local_store.domain.commands import ChooseZone, ReleasePicklist
from local_store.domain.events import PickerZoned, PicklistReleased
from local_store.domain.floor import Decision
from local_store.domain.meaning import shown
from local_store.domain.people import By
from local_store.domain.pick_work import PickWork
from local_store.domain.site import Site
from local_store.domain.words import phrase, say, word


def release(_site: Site, by: By, work: PickWork | None, command: ReleasePicklist) -> Decision:
    """Put a list aside: what is counted stays, and who opens it next goes on there."""
    if work is None:
        return Decision(say("pick.unknown", picklist=shown(command.picklist_id)))
    if work.asks is not None:
        return Decision(say("work.asks", sentence=work.asks))
    if work.status is not states.Picklist.IN_PROGRESS:
        return Decision(
            say(
                "pick.not_open",
                picklist=work.picklist_id,
                status=word(work.status.value.replace("_", " "), "picklist"),
            )
        )
    if work.put_task_id is not None:
        return Decision(say("pick.put_before", item=work.task(work.put_task_id).item))
    states.step(states.PICKLIST, work.status, "release")
    fact = PicklistReleased(
        picklist_id=work.picklist_id,
        worker_id=by.worker.worker_id,
        workplace=work.workplace,
        reason=command.reason,
        zone=command.zone,
    )
    done = sum(not task.waits for task in work.tasks)
    words = {"picklist": work.picklist_id, "done": done, "lines": len(work.tasks)}
    whose = phrase("those of zone {zone}", zone=shown(command.zone)) if command.zone else phrase("anybody")
    return Decision(say("pick.released", **words, whose=whose), (fact,), work.lane)


def choose_zone(_site: Site, by: By, _nothing: None, command: ChooseZone) -> Decision:
    """From now on lists of one zone are offered at this workplace."""
    if by.workplace is None:
        return Decision(say("pick.zone_where"))
    fact = PickerZoned(workplace=by.workplace, zone=command.zone)
    name = shown(command.zone) if command.zone else phrase("all zones")
    return Decision(say("pick.zone", workplace=by.workplace, zone=name), (fact,))
