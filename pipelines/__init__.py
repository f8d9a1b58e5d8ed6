"""What rackhour computes: landing, marts, release, and their wiring. Not here: what the world says (sources/)."""

import os

# Thousands of small matrices: several threads wait for each other longer than they work (six times as long under
# load). Who wants more sets it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
