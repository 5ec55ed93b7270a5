"""A scorecard for programs: JSON with its schema, CSV."""
