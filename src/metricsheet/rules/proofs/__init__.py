"""What can be proven about rules without data: never true, always true, shadowed, contradictory."""
