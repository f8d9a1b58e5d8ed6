"""`rackhour` at a terminal: one module per group of commands. Not here: any work; each command calls a room."""
