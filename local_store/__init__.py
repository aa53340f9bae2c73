"""What is true: journal, projections, outbox and print spool in one SQLite file with one writer."""
