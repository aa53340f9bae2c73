"""Many more days of the machine over the whole floor: `python -m tests.torture.whole_floor --days 5000 --seed 1`."""

from __future__ import annotations

import click
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.local_store.test_whole_floor_machine import WholeFloor

STEPS_OF_A_DAY = 100


@click.command()
@click.option("--days", default=20, show_default=True)
@click.option("--seed", "number", default=1, show_default=True)
def main(days: int, number: int) -> None:
    """Run so many days; a broken rule ends it with the fewest steps that break it."""
    much = settings(
        max_examples=days,
        stateful_step_count=STEPS_OF_A_DAY,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(WholeFloor), settings=much)
    click.echo(f"{days} days of at most {STEPS_OF_A_DAY} acts: every rule held.")


if __name__ == "__main__":
    main()
