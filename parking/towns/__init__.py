"""Towns as data files, and the one way to read them. `fengjie` ships with the package."""
