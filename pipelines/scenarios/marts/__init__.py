"""The mart of packaged scenarios. Not here: a user's own scenarios (`rackhour scenario`)."""
