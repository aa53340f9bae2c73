"""One folder for each central API the agent can speak; others come as entry points of a site's packages."""

from config.registry import Registry, SettingsModels
from sync.dialect import Dialect

ENTRY_POINTS = "warehouse_edge_agent.dialects"
"""The group in which a site's own package names its dialects: `name = "package.module:DIALECT"`."""

_BUILT_IN = {
    "esw": "sync.dialects.esw:DIALECT",
    "exsited": "sync.dialects.exsited:DIALECT",
    "ofs": "sync.dialects.ofs:DIALECT",
    "pitney_bowes": "sync.dialects.pitney_bowes:DIALECT",
    "s2": "sync.dialects.s2:DIALECT",
}

DIALECTS = Registry(ENTRY_POINTS, _BUILT_IN, Dialect)
"""Every HQ this agent can speak to, by the name used in edge.toml."""
SETTINGS = SettingsModels(DIALECTS, lambda dialect: dialect.settings)
