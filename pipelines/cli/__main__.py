"""`python -m pipelines.cli`. Not here: anything else."""

from pipelines.cli.main import main

main()
