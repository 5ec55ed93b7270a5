"""The subscription ledger: from rows of subscriptions to movements of recurring revenue, retention and cohorts."""
