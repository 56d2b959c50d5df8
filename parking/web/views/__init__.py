"""What the API answers, one noun a file: its fields, and how they are read from the present."""
