"""The subscription ledger: rows of subscriptions into movements, retention and cohorts."""
