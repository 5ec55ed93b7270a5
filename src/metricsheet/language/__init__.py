"""What is said in each language: messages, terms, numbers and dates."""
