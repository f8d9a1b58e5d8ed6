"""Where everything lies in a home, who builds in it, the log of runs, and what a person sees of progress.

Not here: payloads (landing), releases (release), commands (cli).
"""
