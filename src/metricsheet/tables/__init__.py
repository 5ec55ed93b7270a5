"""A ``Book`` into regions: where tables, headers, totals, months across and label cells are."""
