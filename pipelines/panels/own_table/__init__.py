"""`rackhour index`: a price index over a statistician's own table, by the code the price marts run.

    table.py    the file, its columns as text and numbers, each fault with its row
    periods.py  what the period column holds, put in the order of time
    panel.py    items by periods, duplicates settled, features checked
    request.py  the options a method takes, and which of them go together
    command.py  from the file to the rows that are printed

It reads nothing of a release and imports no orchestrator. Not here: any index method (economics/index_numbers).
"""
