"""The label templates of a station: those we ship, and those a site keeps in `templates/` beside edge.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from agent.labels.template import Template, TemplateFault, compile_template
from config import Settings
from devices.drivers.zpl_settings import ZplPrinterSettings

FOLDER = "templates"
MAX_BYTES = 64 * 1024
COPY = "copy"
"""The field that marks a label printed again."""
_FILE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\.zpl")
_PACKAGED = files("agent.labels") / "templates"


class PrinterSize(NamedTuple):
    """What a label must fit: the density of a printer, and the width of its labels where that is known."""

    name: str
    dpi: int
    width_dots: int | None = None


class Templates:
    """Templates by name, a site's own before ours; each is compiled once for each density it is asked for."""

    def __init__(self, site: Mapping[str, str] | None = None) -> None:
        self.site = dict(site or {})
        self._compiled: dict[tuple[str, int], Template] = {}

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted({*self.site, *packaged_names()})

    def get(self, name: str, dpi: int) -> Template:
        """The template for printers of this density. Raises TemplateFault."""
        if (name, dpi) not in self._compiled:
            self._compiled[name, dpi] = compile_template(name, self.source(name), dpi)
        return self._compiled[name, dpi]

    def source(self, name: str) -> str:
        """The text of a template. Raises TemplateFault where there is none of that name."""
        if name in self.site:
            return self.site[name]
        if name not in packaged_names():
            raise TemplateFault([f"There is no label template {name!r}; there are {', '.join(self.names())}."])
        return (_PACKAGED / f"{name}.zpl").read_text(encoding="utf-8")


PACKAGED = Templates()


def packaged_names() -> list[str]:
    """The names of the templates we ship."""
    return sorted(each.name.removesuffix(".zpl") for each in _PACKAGED.iterdir() if each.name.endswith(".zpl"))


def sizes_of(settings: Settings) -> list[PrinterSize]:
    """The printers that stand at a workplace."""
    at_work = [name for workplace in settings.workplaces.values() for name in workplace.devices]
    found = []
    for name in at_work:
        device = settings.devices[name]
        if isinstance(device, ZplPrinterSettings):
            found.append(PrinterSize(name, device.dpi, device.stock.width_dots if device.stock else None))
    return found


def load_site(folder: Path, printers: Iterable[PrinterSize]) -> Templates:
    """The templates in `folder` beside ours, each checked for the printers it goes to. No folder means none.

    Raises TemplateFault with every fault of every file.
    """
    sources, faults = _read(folder)
    templates = Templates(sources)
    sizes = list(printers)
    for name in sources:
        faults += _faults(templates, name, sizes)
    if faults:
        raise TemplateFault(faults)
    return templates


def _read(folder: Path) -> tuple[dict[str, str], list[str]]:
    sources: dict[str, str] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.zpl")) if folder.is_dir() else []:
        if not _FILE_NAME.fullmatch(path.name):
            faults.append(f"{path.name}: name it with small letters, digits and _, as in location.zpl.")
            continue
        try:
            raw = path.read_bytes()
            if len(raw) > MAX_BYTES:
                faults.append(f"{path.name}: a template has at most {MAX_BYTES} bytes (got {len(raw)}).")
            else:
                sources[path.stem] = raw.decode("utf-8")
        except OSError as error:
            faults.append(f"{path.name}: it cannot be read ({error.strerror}).")
        except UnicodeDecodeError as error:
            faults.append(f"{path.name}: it is not UTF-8 (byte {error.start}); save it as UTF-8.")
    return sources, faults


def _faults(templates: Templates, name: str, printers: list[PrinterSize]) -> list[str]:
    """What keeps a site's template from use: it must compile, fit a printer, and take what ours of its name takes."""
    try:
        own = compile_template(name, templates.source(name))
    except TemplateFault as fault:
        return fault.faults
    faults = _other_fields(own) if name in packaged_names() else []
    refusals = [told for printer in printers if (told := _unfit(templates, name, printer))]
    goes_anywhere = len(refusals) < len(printers) or not printers
    if refusals and (name in packaged_names() or not goes_anywhere):
        faults += refusals
    return faults


def _unfit(templates: Templates, name: str, printer: PrinterSize) -> str | None:
    """Why a template cannot be printed on a printer."""
    try:
        template = templates.get(name, printer.dpi)
    except TemplateFault as fault:
        return f"{fault.faults[0]} So it cannot go to printer '{printer.name}' of {printer.dpi} dpi."
    if printer.width_dots is not None and template.width_dots > printer.width_dots:
        return (
            f"{name}.zpl: it is {template.width_dots} dots wide and the labels of printer '{printer.name}' are "
            f"{printer.width_dots}; make it narrower, or load other labels and change edge.toml."
        )
    return None


def _other_fields(own: Template) -> list[str]:
    """A template in place of ours gets our values: it may leave text out, but no number, no code and no copy mark."""
    ours = PACKAGED.get(own.name, 203).fields
    faults = [
        f"{own.name}.zpl: there is no value for {name}; we fill {', '.join(ours)}."
        for name in own.fields
        if name not in ours
    ]
    needed = [
        name
        for name, field in ours.items()
        if (field.kind in {"digits", "code"} or name == COPY) and name not in own.fields
    ]
    return faults + [f"{own.name}.zpl: {name} must stand on this label; add its field." for name in needed]
