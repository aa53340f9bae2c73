"""Our extension to seed 001 for stations: their journals, number blocks and alarms, under `/edge/`."""
