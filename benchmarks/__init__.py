"""Speed as ratios: ours and a peer's timed in turn, in one run, on the same data."""
