"""The settings of one station, as frozen models. Every key a site may write in edge.toml is a field here."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, SerializeAsAny, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"
LISTEN_PATTERN = r"^(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$"
ANYWHERE_PATTERN = r"^([0-9.]{7,15}|\[[0-9a-f:]{2,39}\]):\d{1,5}$"
PIN_HASH_PATTERN = r"^\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$"
PREFIX_PATTERN = r"^\d{7,10}$"
FOLDER_PATTERN = r"^([a-z0-9][a-z0-9_-]{0,39})?$"
HIGHEST_PORT = 65535

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""A name a site gives to a device, workplace or lane: it appears in file names, addresses and sentences."""

Role = Literal["picker", "packer", "receiver", "supervisor", "qc_agent", "admin"]
"""Warehouse roles of seed 001, section 17, and ours: who takes goods in, and who looks after the machines."""

Language = Literal["en", "de", "es", "pl", "fr", "zh", "ar"]
"""What the floor can speak: the languages of the sentences, each by its ISO 639-1 code."""

WorkOfPlace = Literal["pick", "pack", "receive", "put_away", "count", "return", "inspect", "kit", "load"]
"""What a workplace is for."""


class Section(BaseModel):
    """Base of every section: frozen, and a key nobody reads is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Station(Section):
    """Who this machine is and where it keeps its data."""

    id: Name = Field(description="Name of this station at HQ (device_id).")
    warehouse_id: str = Field(min_length=1, max_length=80)
    data_dir: Path = Field(description="Folder of the store; relative to edge.toml.")
    listen: str = Field(
        default="127.0.0.1:8765",
        pattern=LISTEN_PATTERN,
        description="Address of the screens. Plain HTTP is for loopback only.",
    )
    timezone: str = Field(default="UTC", max_length=60, description="Time of the site; the nightly work goes by it.")
    erase_addresses_after_days: int = Field(
        default=90, ge=1, le=3650, description="Names and addresses go so long after HQ has all facts about them."
    )
    work_files: str = Field(
        default="",
        pattern=FOLDER_PATTERN,
        description="Folder under data_dir in which files of work are dropped; none when empty.",
    )
    pictures: str = Field(
        default="",
        pattern=FOLDER_PATTERN,
        description="Folder under data_dir with pictures of products, SKU.jpg, .png or .webp; none when empty.",
    )
    same_scan_ms: int = Field(
        default=0,
        ge=0,
        le=2000,
        description="The same code from the same scanner counts once within so many milliseconds; 0: each time.",
    )
    language: Language = Field(default="en", description="What is said to whoever has no language of their own.")
    ballast_mb: int = Field(default=128, ge=0, le=4096, description="Room that is kept for the day the disk is full.")

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, timezone: str) -> str:
        from zoneinfo import ZoneInfo  # noqa: PLC0415 -- a third of a megabyte that a site in UTC need not load

        try:
            ZoneInfo(timezone)
        except (KeyError, ValueError, OSError) as error:  # an unknown name is a KeyError
            raise PydanticCustomError("timezone", "must be an IANA time zone like Europe/Berlin") from error
        return timezone

    @field_validator("listen")
    @classmethod
    def _has_a_port(cls, listen: str) -> str:
        return with_port(listen)


class Tls(Section):
    """Where handhelds find this station: always encrypted, under a certificate with its names and addresses."""

    listen: str = Field(pattern=ANYWHERE_PATTERN, description="Address on the network; 0.0.0.0 for all of them.")
    certificate: str = Field(min_length=1, max_length=300, description="PEM file, beside edge.toml.")
    key: str = Field(min_length=1, max_length=300, description="PEM file of mode 0600.")

    @field_validator("listen")
    @classmethod
    def _has_a_port(cls, listen: str) -> str:
        host, _, _ = with_port(listen).rpartition(":")
        try:
            ip_address(host.strip("[]"))
        except ValueError as error:
            raise PydanticCustomError("address", "must be an address with a port, such as 0.0.0.0:8443") from error
        return listen


def with_port(listen: str) -> str:
    """The same address. Raises PydanticCustomError for a port that cannot be."""
    if int(listen.rpartition(":")[2]) > HIGHEST_PORT:
        raise PydanticCustomError("port", "must be an address whose port is at most 65535")
    return listen


class Hq(Section):
    """What every dialect needs; the dialect's own settings model extends it."""

    dialect: str
    url: AnyHttpUrl
    secret: Name = Field(description="Name of the file that holds the key: see docs/operations.md.")
    source: bool = Field(default=True, description="Work is pulled from here.")
    sink: bool = Field(default=True, description="All facts go here, also those about other sources' work.")
    poll_s: int = Field(default=15, ge=1, le=3600)
    timeout_s: int = Field(default=30, ge=1, le=300)
    compress: bool = Field(default=False, description="HQ takes gzip: long bodies are sent packed.")
    proxy: str = Field(default="", pattern=r"^(https?://\S+)?$", description="Address of the proxy on the way to HQ.")
    ca_file: str = Field(default="", pattern=r"^(/.*)?$", description="Certificates of a private authority (PEM).")

    @field_validator("url")
    @classmethod
    def _no_key_in_clear(cls, url: AnyHttpUrl) -> AnyHttpUrl:
        if url.username or url.password or url.query or url.fragment:
            raise ValueError("must be the plain address of HQ; the key belongs into the secret file")
        if url.scheme == "http" and not is_loopback(url.host or ""):
            raise ValueError("must begin with https, or the key would cross the network in clear")
        return url


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class Workplace(Section):
    """One place where one person works: which kind of work, with which devices."""

    work: WorkOfPlace
    devices: tuple[Name, ...] = ()


class Worker(Section):
    """A person who may sign in with a badge."""

    name: str = Field(min_length=1, max_length=60)
    badge: str = Field(min_length=4, max_length=60)
    roles: frozenset[Role] = Field(min_length=1)
    pin_hash: str | None = Field(
        default=None, max_length=300, pattern=PIN_HASH_PATTERN, description="What `edge-agent people pin` prints."
    )
    language: Language | None = Field(default=None, description="What they are told in; none: that of the station.")


class People(Section):
    """Badges that HQ gives: signed, and good for a while."""

    badge_key: str = Field(
        default="", pattern=FOLDER_PATTERN, description="Name of the secret that signs them; none are taken without."
    )
    bundle_file: str = Field(default="", max_length=300, description="A bundle as a file, where HQ gives none.")


class Picking(Section):
    """What pickers do beside scanning locations and items."""

    put_check: bool = Field(
        default=False, description="On lists of several orders each tote is scanned when goods go into it."
    )
    order: Literal["walk", "hq"] = Field(
        default="walk", description="Whether lists are walked as the shelves stand (`walk`), or as HQ ordered them."
    )
    over_percent: Decimal = Field(
        default=Decimal(0), ge=0, le=100, description="How much more than asked may be picked, with a reason."
    )


class Packing(Section):
    """How far a parcel's weight may be from what its contents should weigh."""

    tolerance_percent: Decimal = Field(default=Decimal(3), ge=0, le=100)
    tolerance_g: int = Field(default=200, ge=0)
    carton_g: int = Field(default=0, ge=0, description="Weight of the empty carton.")
    empty_g: int = Field(default=20, ge=0, le=10_000, description="A scale that shows no more than this is empty.")
    frozen_after_min: int = Field(
        default=30, ge=1, le=1440, description="A weight that stays the same for so long makes the scale a problem."
    )
    label_check: bool = Field(default=False, description="Each label is scanned on its box before the next order.")
    slip: bool = Field(default=False, description="The packing slip of each parcel is printed as it is sealed.")
    slots: int = Field(default=1, ge=1, le=12, description="Orders that may be open at one pack station.")
    photo: bool = Field(default=False, description="Each parcel is photographed before it is sealed.")
    hands_free: bool = Field(default=False, description="A stable, fitting weight seals the parcel by itself.")
    ship_at: Literal["seal", "dispatch"] = Field(
        default="seal",
        description="When the shipment is asked for: when an order is packed, or dispatched.",
    )


class Counting(Section):
    """When a count is taken at once, and how often locations are counted."""

    recount_percent: Decimal = Field(
        default=Decimal(2),
        ge=0,
        le=100,
        description="A count that is further off is made again by another person.",
    )
    recount_units: Decimal = Field(default=Decimal(2), ge=0, description="The same in units; the larger counts.")
    a_days: int = Field(default=30, ge=1, le=3650, description="Locations with most picks are counted so often.")
    b_days: int = Field(default=90, ge=1, le=3650, description="Locations with some of the picks.")
    c_days: int = Field(default=365, ge=1, le=3650, description="Locations with hardly any.")
    per_night: int = Field(default=0, ge=0, le=200, description="So many counts that are due are asked for nightly.")


class Receiving(Section):
    """How far a delivery may be from its announcement before a second person is asked, and what is labelled."""

    over_percent: Decimal = Field(default=Decimal(0), ge=0, le=1000, description="So much more comes in unasked.")
    under_percent: Decimal = Field(default=Decimal(0), ge=0, le=100, description="So much less is closed unasked.")
    label_unlabelled: bool = Field(default=True, description="Units of products without a barcode get a label.")


class Printing(Section):
    """How long a label may wait for its printer, and whose labels are printed."""

    expire_min: int = Field(default=30, ge=1, le=1440, description="After so long a person is asked first.")
    carrier_labels: bool = Field(default=False, description="A carrier's label that HQ gives is printed too.")


class Offline(Section):
    """What may be done without HQ, and for how long."""

    work_days: int = Field(default=35, ge=1, le=365, description="Work is begun so long after HQ was last heard.")


class SsccRange(Section):
    """Serial numbers this station may use for SSCCs; no other station may share them."""

    company_prefix: str = Field(pattern=PREFIX_PATTERN, description="GS1 company prefix.")
    extension_digit: int = Field(default=3, ge=0, le=9)
    first: int = Field(default=1, ge=0)
    last: int = Field(ge=1)


class PlainRange(Section):
    """Numbers this station may use, a text before each; no other station may share them."""

    prefix: str = Field(pattern=r"^[A-Z0-9-]{1,20}$", description="What stands before the number, like `PK-`.")
    first: int = Field(default=1, ge=0)
    last: int = Field(ge=1, le=9_999_999_999)


class Numbers(Section):
    """Number ranges of this station; what is missing comes from HQ, where it gives numbers."""

    sscc: SsccRange | None = None
    package: PlainRange | None = None
    parcel: PlainRange | None = None


class ShipFrom(Section):
    """The sender printed on labels."""

    name: str = Field(max_length=60)
    address1: str = Field(default="", max_length=60)
    city: str = Field(default="", max_length=60)
    postal_code: str = Field(default="", max_length=20)
    country: str = Field(default="", max_length=60)


class Settings(Section):
    """All of edge.toml. `hq` and `devices` hold the models of their dialect and driver."""

    station: Station
    hq: dict[Name, SerializeAsAny[Hq]] = Field(default_factory=dict)
    devices: dict[Name, SerializeAsAny[BaseModel]] = Field(default_factory=dict)
    workplaces: dict[Name, Workplace] = Field(min_length=1)
    workers: dict[Name, Worker] = Field(default_factory=dict)
    picking: Picking = Picking()
    people: People = People()
    tls: Tls | None = None
    packing: Packing = Packing()
    counting: Counting = Counting()
    receiving: Receiving = Receiving()
    printing: Printing = Printing()
    offline: Offline = Offline()
    numbers: Numbers = Numbers()
    ship_from: ShipFrom = ShipFrom(name="")

    def device_drivers(self) -> dict[str, str]:
        """Device name to the name of its driver."""
        return {name: _driver_of(device) for name, device in self.devices.items()}

    def device_kinds(self, kind_of: Callable[[str], str]) -> dict[str, str]:
        """Device name to kind (scanner, scale, printer), given each driver's kind."""
        return {name: kind_of(driver) for name, driver in self.device_drivers().items()}


def _driver_of(device: Any) -> str:
    driver: str = device.driver
    return driver
