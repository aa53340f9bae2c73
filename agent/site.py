"""The settings as the domain knows them."""

from __future__ import annotations

from agent.lanes import Lanes
from config import Settings
from config.model import Packing, PlainRange
from local_store.domain.site import (
    CountingRule,
    PackRule,
    PickingRules,
    PlainNumbers,
    ReceivingRule,
    Site,
    SsccNumbers,
    WeightRule,
    Worker,
)

MG_PER_G = 1000


def site_of(settings: Settings, lanes: Lanes) -> Site:
    """The plain data that the domain knows of the settings."""
    sscc = settings.numbers.sscc
    return Site(
        station_id=settings.station.id,
        warehouse_id=settings.station.warehouse_id,
        timezone=settings.station.timezone,
        language=settings.station.language,
        workplaces={name: workplace.work for name, workplace in settings.workplaces.items()},
        workers={
            name: Worker(
                name, worker.name, worker.badge, frozenset(worker.roles), worker.pin_hash, language=worker.language
            )
            for name, worker in settings.workers.items()
        },
        lanes=lanes.as_site(),
        weights=WeightRule(
            settings.packing.tolerance_percent,
            settings.packing.tolerance_g * MG_PER_G,
            settings.packing.carton_g * MG_PER_G,
        ),
        receiving=ReceivingRule(
            settings.receiving.over_percent,
            settings.receiving.under_percent,
            settings.receiving.label_unlabelled,
        ),
        picking=PickingRules(**settings.picking.model_dump()),
        packing=_pack_rule(settings.packing),
        counting=CountingRule(**settings.counting.model_dump(exclude={"per_night"})),
        label_check=settings.packing.label_check,
        carrier_labels=settings.printing.carrier_labels,
        freshness_days=settings.offline.work_days,
        same_scan_ms=settings.station.same_scan_ms,
        sscc=SsccNumbers(sscc.company_prefix, sscc.extension_digit, sscc.first, sscc.last) if sscc else None,
        package_numbers=_plain(settings.numbers.package),
        parcel_numbers=_plain(settings.numbers.parcel),
    )


def _pack_rule(packing: Packing) -> PackRule:
    return PackRule(packing.slots, packing.photo, packing.hands_free, packing.ship_at == "seal")


def _plain(numbers: PlainRange | None) -> PlainNumbers | None:
    return PlainNumbers(numbers.prefix, numbers.first, numbers.last) if numbers else None
