"""Companies as a whole: applications, labs, mixes of business. Not here: their debt (capital/)."""
