"""Tables that stay in files and databases: their primitives in SQL, one scan for many of them."""
