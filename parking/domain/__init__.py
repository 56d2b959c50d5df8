"""The ground: frozen nouns of the street and their laws. Standard library only."""
