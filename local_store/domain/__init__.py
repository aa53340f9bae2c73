"""Pure decisions: no IO, clock, asyncio or SQL."""
