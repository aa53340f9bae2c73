"""`edge-agent labels`: the label templates of a station, ours and the site's own."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli.common import Refusal, config_option, settings_from
from agent.labels.library import FOLDER, Templates, load_site, sizes_of
from agent.labels.template import Template, TemplateFault

DENSITIES = ("203", "300", "600")


def templates_of(config_path: Path) -> Templates:
    """The templates of the station whose edge.toml this is; every fault of a site's is printed."""
    sizes = sizes_of(settings_from(config_path))
    try:
        return load_site(config_path.parent / FOLDER, sizes)
    except TemplateFault as fault:
        raise Refusal("\n".join(fault.faults)) from None


@click.group()
def labels() -> None:
    """The label templates: ours, and a site's own in `templates/` beside edge.toml."""


@labels.command("list")
@config_option
def list_templates(config_path: Path) -> None:
    """Name, size and values of every template."""
    templates = templates_of(config_path)
    for name in templates.names():
        template = templates.get(name, 203)
        whose = "the site's own" if name in templates.site else "shipped"
        print(f"{name:20} {_millimetres(template):>12}  {whose:14}  {', '.join(template.fields)}")


@labels.command()
@config_option
def check(config_path: Path) -> None:
    """Check the site's templates; every fault is told at once."""
    own = templates_of(config_path).site
    print(
        f"{config_path.parent / FOLDER}: {', '.join(own)}: all fine."
        if own
        else "There are no templates of your own."
    )


@labels.command("preview")
@config_option
@click.argument("name")
@click.option("--dpi", type=click.Choice(DENSITIES), default="203", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PNG to write.")
def preview_template(config_path: Path, name: str, dpi: str, out: Path) -> None:
    """Draw a template with its sample values into a PNG; nothing is printed and nothing leaves this machine."""
    from agent.labels.preview import preview  # noqa: PLC0415 -- brings Pillow
    from agent.labels.zpl_parse import parse  # noqa: PLC0415

    try:
        template = templates_of(config_path).get(name, int(dpi))
    except TemplateFault as fault:
        raise Refusal("\n".join(fault.faults)) from None
    drawn = preview(parse(template.render(template.samples())))
    out.write_bytes(drawn.png)
    boxes = f" These are drawn as boxes: {drawn.missing}" if drawn.missing else ""
    print(f"{out}: {name}, {template.width_dots}x{template.height_dots} dots at {dpi} dpi.{boxes}")


def _millimetres(template: Template) -> str:
    width, height = (round(dots * 25.4 / template.dpi) for dots in (template.width_dots, template.height_dots))
    return f"{width}x{height} mm"
