"""`python -m parking` is `parking`."""

from parking.cli import main

if __name__ == "__main__":  # a process of the pool imports this file as well
    main()
