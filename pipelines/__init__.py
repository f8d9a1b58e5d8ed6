"""What rackhour computes: landing, marts, release, and their wiring. Not here: what the world says (sources/)."""
