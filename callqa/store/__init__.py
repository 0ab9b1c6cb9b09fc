"""The only room that speaks SQL: recordings, calls, analyses, the ledger, the stage cache."""
