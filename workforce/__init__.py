"""Floor 1, the people: user, contributor, skill, presence, notice, ledger. Knows nothing of tasks or customers."""
